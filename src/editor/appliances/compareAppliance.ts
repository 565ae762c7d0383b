import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { packTemplate } from '../../appliance/archive/packTemplate.ts';
import { compareArchives, type ComparedFile } from '../../appliance/archive/compare.ts';
import { sourceFetcher } from '../../generate/fetchSource.ts';
import { findAppliance } from '../../generate/push.ts';
import { unpackTemplate } from '../../appliance/archive/unpackTemplate.ts';
import { templateLimit } from '../definitions/read.ts';
import { assertOnDisk, assertTrusted } from '../definitions/trust.ts';
import { proxySettings } from '../server/proxySettings.ts';
import { Refusal } from '../errors.ts';
import { inform } from '../messages.ts';
import { withProgress, type Step } from '../progress.ts';
import type { Comparisons } from './comparisonDocuments.ts';
import { exportTemplate } from './exportTemplate.ts';
import { templateIn } from './pickTemplate.ts';
import { type ApplianceCommands } from './pushAppliance.ts';

/**
 * Shows in the diff editor what differs between a template and the appliance of its name and version on the
 * server that builds. Resolves with the paths of the files that differ, `undefined` when it was cancelled.
 */
export async function compareAppliance(
  argument: unknown,
  context: ApplianceCommands,
  comparisons: Comparisons,
): Promise<readonly string[] | undefined> {
  assertTrusted();
  const definition = await templateIn(argument, vscode.l10n.t('Compare with Server'));
  if (definition === undefined) return undefined;
  assertOnDisk(definition);
  const label = context.servers.label(context.servers.current);
  const name = vscode.workspace.asRelativePath(definition);
  const outcome = await withProgress(vscode.l10n.t('Comparing {0} with {1}', name, label), (report, signal) =>
    differences(definition, context, report, signal),
  );
  if (outcome.kind === 'cancelled') return undefined;
  const files = outcome.value;
  if (files.length > 0) await comparisons.show(vscode.l10n.t('{0}: {1} ↔ file', name, label), files);
  else {
    void inform(
      vscode.l10n.t('{0} says what {1} has. Passwords and builders are not compared.', name, label),
    );
  }
  return files.map(({ path }) => path);
}

/** What is packed to be compared goes to no server: files outside the folder may be read unasked. */
const staysHere = (): boolean => true;

/** Packs the template as a push would and has the server export its own: two archives of one shape. */
async function differences(
  definition: vscode.Uri,
  { servers, clock }: ApplianceCommands,
  report: (step: Step) => void,
  signal: AbortSignal,
): Promise<readonly ComparedFile[]> {
  const archive = await packTemplate(definition.fsPath, {
    mayPackOutside: staysHere,
    workingFolder: templateLimit(definition.fsPath),
    fetchSource: sourceFetcher({ proxy: (url) => proxySettings(url).proxy }),
    signal,
  });
  const server = servers.current;
  const client = await servers.client(server, signal);
  const appliance = await findAppliance(client, archive, signal);
  if (appliance === undefined) {
    throw new Refusal(
      vscode.l10n.t(
        '{0} has no appliance {1}: push the template first.',
        servers.label(server),
        `${archive.name} ${archive.version}`,
      ),
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'appliance-forge-'));
  try {
    const [there, here] = [join(folder, 'server'), join(folder, 'file')];
    await Promise.all([
      exportTemplate({ client, appliance, folder: there, clock, signal, report }),
      unpackTemplate(archive.content(), here, { signal }),
    ]);
    return await compareArchives(there, here);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
