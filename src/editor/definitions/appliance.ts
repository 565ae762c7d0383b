import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { packTemplate } from '../../appliance/archive/archive.ts';
import { DefinitionError } from '../../appliance/text/definitionError.ts';
import { definitionKindByExtension } from '../../appliance/find/definitions.ts';
import { pushTemplate } from '../../appliance/archive/push.ts';
import { resolveAppliance } from '../../appliance/find/resolveAppliance.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { Appliance, Image } from '../../uforge/dto.ts';
import { UForgeError } from '../../uforge/errors.ts';
import { parseApplianceUri, parseImageUri } from '../../uforge/uris.ts';
import { askModal } from '../messages.ts';
import type { Step } from '../progress.ts';
import type { DefinitionDiagnostics } from './diagnostics.ts';
import type { ApplianceMemory } from './memory.ts';
import { mayPackOutside } from './outsideQuestion.ts';
import { pickAppliance } from './pickAppliance.ts';
import { assertSendable, saveBelow } from './read.ts';

/** What it takes to find out which appliance a definition means. */
export interface ApplianceSearch {
  readonly definition: vscode.Uri;
  readonly image: Image;
  readonly server: string;
  /** What a person calls the server. */
  readonly label: string;
  readonly client: UForgeClient;
  readonly memory: ApplianceMemory;
  readonly diagnostics: DefinitionDiagnostics;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: (step: Step) => void;
}

/**
 * The URI of the appliance an image is to be generated of: the one the request names; else the nearest
 * template's, pushed when the server lacks it or it has changed; else the one the person picks, remembered for
 * that file. Nothing when the person picks none.
 */
export async function applianceOf(search: ApplianceSearch): Promise<string | undefined> {
  const { definition, image } = search;
  const file = definition.fsPath;
  if (definitionKindByExtension(file) === 'template') return push(file, search);
  const stopAt = vscode.workspace.getWorkspaceFolder(definition)?.uri.fsPath ?? dirname(file);
  const choice = await resolveAppliance(file, image, { exists, stopAt });
  if (choice === undefined) return askOnce(search);
  return choice.kind === 'uri' ? choice.applianceUri : push(choice.templateFile, search);
}

async function push(templateFile: string, search: ApplianceSearch): Promise<string> {
  const { client, server, label, memory, clock, signal, report } = search;
  report({ message: vscode.l10n.t('packing the template') });
  await saveBelow(dirname(templateFile));
  const archive = await packTemplate(templateFile, {
    mayPackOutside: (outside) => mayPackOutside(outside, label),
    signal,
  }).catch((error: unknown) => {
    throw withProblems(error, search.diagnostics);
  });
  const { applianceUri } = await memory.inTurn({ server, name: archive.name, version: archive.version }, () =>
    pushTemplate({
      client,
      server,
      archive,
      memory,
      clock,
      signal,
      mayReplace: (existing) => mayReplace(existing, label),
      onProgress: ({ message, percentage }) => report({ message, fraction: percentage / 100 }),
    }),
  );
  return applianceUri;
}

/** Problems that only packing finds (a file that is missing) go to the Problems panel, too. */
function withProblems(error: unknown, diagnostics: DefinitionDiagnostics): unknown {
  if (!(error instanceof DefinitionError)) return error;
  const uri = vscode.Uri.file(error.file);
  diagnostics.publish(uri, error.problems);
  try {
    assertSendable(uri, error.problems);
  } catch (sendable) {
    return sendable;
  }
  return error;
}

async function mayReplace({ name, version, revision }: Appliance, server: string): Promise<boolean> {
  const replace = vscode.l10n.t('Replace');
  const answer = await askModal(
    vscode.l10n.t('Replace the appliance {0} {1} on {2}?', name ?? '', version ?? '', server),
    vscode.l10n.t(
      'It was not pushed from here (revision {0}). Its content is replaced by the template’s; its images stay.',
      revision ?? 0,
    ),
    replace,
  );
  // A no is no failure: it ends the command as Cancel does.
  if (answer !== replace) throw new vscode.CancellationError();
  return true;
}

async function askOnce(search: ApplianceSearch): Promise<string | undefined> {
  const { definition, server, label, client, memory, signal } = search;
  const remembered = memory.pickedFor(server, definition);
  if (remembered !== undefined && (await isThere(client, remembered, signal))) return remembered;
  const picked = await pickAppliance(client, label, signal);
  await memory.remember(server, definition, picked);
  return picked;
}

/** Whether the server has the appliance or the image of that URI. */
export async function isThere(client: UForgeClient, uri: string, signal: AbortSignal): Promise<boolean> {
  const image = parseImageUri(uri);
  const appliance = parseApplianceUri(uri);
  if (appliance === undefined) return false;
  try {
    if (image === undefined) await client.appliance_get(appliance, { signal });
    else await client.machineImage_get(image, { signal });
    return true;
  } catch (error) {
    if (error instanceof UForgeError && error.kind === 'notFound') return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
