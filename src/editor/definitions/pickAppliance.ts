import * as vscode from 'vscode';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Appliance } from '../../uforge/dto.ts';
import { ActionableError } from '../errors.ts';
import { pickOne } from '../inputs.ts';

interface AppliancePick extends vscode.QuickPickItem {
  readonly uri: string;
}

/** Lets the person pick one of the server's appliances: the last resort when a definition names none. */
export async function pickAppliance(
  client: UForgeClient,
  server: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { appliances } = await client.appliance_getAll({ orderBy: 'name' }, { signal });
  const picks = appliances.map(pickFor).filter((pick) => pick !== undefined);
  if (picks.length === 0) {
    throw new ActionableError(
      vscode.l10n.t(
        'Which appliance is to be built? The file has no parentUri, there is no template beside or above it, and {0} has no appliance.',
        server,
      ),
    );
  }
  const pick = await pickOne(picks, {
    title: vscode.l10n.t('Appliance on {0}', server),
    placeHolder: vscode.l10n.t('Appliance to generate an image of; remembered for this file'),
  });
  return pick?.uri;
}

function pickFor({ name, version, uri, distributionName, archName }: Appliance): AppliancePick | undefined {
  if (uri === undefined) return undefined;
  return {
    uri,
    label: `${name ?? uri} ${version ?? ''}`.trim(),
    description: [distributionName, archName].filter((part) => part !== undefined).join(' '),
    iconPath: new vscode.ThemeIcon('package'),
  };
}
