import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../../uforge/clock.ts';
import type { AppliancesView, ApplianceNode } from './tree.ts';
import type { DefinitionDiagnostics } from '../definitions/diagnostics.ts';
import { pickDefinition } from '../definitions/files.ts';
import type { ApplianceMemory } from '../definitions/memory.ts';
import { assertOnDisk, assertTrusted } from '../definitions/trust.ts';
import { ActionableError } from '../errors.ts';
import { askInput } from '../inputs.ts';
import { withProgress } from '../progress.ts';
import type { Servers } from '../server/servers.ts';

export interface ApplianceCommands {
  readonly servers: Servers;
  readonly memory: ApplianceMemory;
  readonly diagnostics: DefinitionDiagnostics;
  readonly clock: Clock;
  readonly view: AppliancesView;
}

/** Pushes a template to the server that builds, unless it has that very content. Resolves with the appliance's URI. */
export async function pushAppliance(
  argument: unknown,
  context: ApplianceCommands,
): Promise<string | undefined> {
  assertTrusted();
  const definition = await templateIn(argument, vscode.l10n.t('Push to Server'));
  if (definition === undefined) return undefined;
  assertOnDisk(definition);
  const { servers, memory, diagnostics, clock, view } = context;
  const server = servers.current;
  const label = servers.label(server);
  const outcome = await withProgress(vscode.l10n.t('Pushing to {0}', label), async (report, signal) => {
    const { applianceOf } = await import('../definitions/appliance.ts');
    const client = await servers.client(server, signal);
    return applianceOf({
      definition,
      image: {},
      server,
      label,
      client,
      memory,
      diagnostics,
      clock,
      signal,
      report,
    });
  });
  await view.refresh();
  return outcome.kind === 'done' ? outcome.value : undefined;
}

/**
 * Fetches an appliance of a server as a template (`appliance_export`) into an empty folder the person names, and opens
 * it. A caller may name the folder.
 */
export async function pullAppliance(
  argument: unknown,
  given: unknown,
  context: ApplianceCommands,
): Promise<vscode.Uri | undefined> {
  assertTrusted();
  const node = nodeIn(argument);
  if (node?.kind !== 'serverAppliance') {
    throw new ActionableError(vscode.l10n.t('Choose an appliance in the Appliances view.'), [], 'warning');
  }
  const { server, appliance } = node;
  const { name = 'appliance', version = '' } = appliance;
  const target =
    given instanceof vscode.Uri ? given : await askFolder(`${name}-${version}`.replaceAll(/[/\\]/g, '_'));
  if (target === undefined) return undefined;
  const folder = target.fsPath;
  if ((await readdir(folder).catch(() => [])).length > 0) {
    throw new ActionableError(
      vscode.l10n.t('{0} is not empty: choose another folder.', folder),
      [],
      'warning',
    );
  }
  const title = vscode.l10n.t('Pulling {0}', `${name} ${version}`);
  const outcome = await withProgress(title, async (report, signal) => {
    const { exportTemplate } = await import('./exportTemplate.ts');
    const client = await context.servers.client(server, signal);
    await mkdir(folder, { recursive: true });
    await exportTemplate({ client, appliance, folder, clock: context.clock, signal, report });
    const file =
      (await readdir(folder)).find((entry) => /^template\.(ya?ml|json)$/.test(entry)) ?? 'template.yml';
    return vscode.Uri.file(join(folder, file));
  });
  if (outcome.kind === 'cancelled') return undefined;
  await context.view.refresh();
  await vscode.window.showTextDocument(outcome.value);
  return outcome.value;
}

async function askFolder(name: string): Promise<vscode.Uri | undefined> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  if (workspace === undefined) {
    throw new ActionableError(
      vscode.l10n.t('Open a folder first: the template is written into it.'),
      [],
      'warning',
    );
  }
  const text = await askInput({
    title: vscode.l10n.t('Pull Appliance'),
    prompt: vscode.l10n.t('Folder to write the template into, below {0}', workspace.name),
    value: name,
    wrong: (value) =>
      value.trim() === '' || value.split(/[/\\]/).includes('..')
        ? vscode.l10n.t('A folder below {0}.', workspace.name)
        : undefined,
  });
  return text === undefined ? undefined : vscode.Uri.joinPath(workspace.uri, text.trim());
}

/** The template that is meant: a row's, a file's, or the one the person picks. */
export async function templateIn(argument: unknown, title: string): Promise<vscode.Uri | undefined> {
  const node = nodeIn(argument);
  if (node?.kind === 'template') return node.state.uri;
  if (argument instanceof vscode.Uri) return argument;
  return pickDefinition({ title, placeHolder: vscode.l10n.t('Template that is meant'), kind: 'template' });
}

function nodeIn(argument: unknown): ApplianceNode | undefined {
  if (typeof argument !== 'object' || argument === null || !('kind' in argument)) return undefined;
  const { kind } = argument;
  return kind === 'template' || kind === 'serverAppliance' ? (argument as ApplianceNode) : undefined;
}
