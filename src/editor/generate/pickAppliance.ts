import * as vscode from 'vscode';
import type { ApplianceName } from '../../tickets/service.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Appliance } from '../../uforge/dto.ts';
import { UForgeError } from '../../uforge/errors.ts';
import { parseApplianceUri } from '../../uforge/uris.ts';
import { ActionableError } from '../errors.ts';
import { pickOne } from '../inputs.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';

interface AppliancePick extends vscode.QuickPickItem {
  readonly appliance: ApplianceName;
}

export interface AppliancePickOptions {
  readonly client: UForgeClient;
  readonly server: string;
  /** What a person calls the server. */
  readonly label: string;
  /** The appliance's URI, by the server and the definition. */
  readonly picked: RememberedTexts;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The appliance the person picked for a definition before, if the server has it still; else the one they pick
 * now, which is remembered: the last resort when a definition names none.
 */
export async function pickAppliance(
  definition: vscode.Uri,
  { client, server, label, picked, signal }: AppliancePickOptions,
): Promise<ApplianceName | undefined> {
  const file = `${server} ${definition.toString()}`;
  const before = picked.get(file);
  const known = before === undefined ? undefined : await stillThere(client, before, signal);
  if (known !== undefined) return known;
  const pick = await ask(client, label, signal);
  await picked.set(file, pick?.uri);
  return pick;
}

async function ask(
  client: UForgeClient,
  server: string,
  signal: AbortSignal | undefined,
): Promise<ApplianceName | undefined> {
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
  return pick?.appliance;
}

function pickFor({ name, version, uri, distributionName, archName }: Appliance): AppliancePick | undefined {
  if (uri === undefined) return undefined;
  return {
    appliance: { uri, name, version },
    label: `${name ?? uri} ${version ?? ''}`.trim(),
    description: [distributionName, archName].filter((part) => part !== undefined).join(' '),
    iconPath: new vscode.ThemeIcon('package'),
  };
}

async function stillThere(
  client: UForgeClient,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<ApplianceName | undefined> {
  const ids = parseApplianceUri(uri);
  if (ids === undefined) return undefined;
  try {
    const { name, version } = await client.appliance_get(ids, { signal });
    return { uri, name, version };
  } catch (error) {
    if (error instanceof UForgeError && error.kind === 'notFound') return undefined;
    throw error;
  }
}
