import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { assertTrusted } from '../definitions/trust.ts';
import { Refusal } from '../errors.ts';
import { askInput } from '../inputs.ts';
import { withProgress } from '../progress.ts';
import type { PushMemory } from '../../generate/pushMemory.ts';
import { nodeIn } from './pickTemplate.ts';
import type { ApplianceCommands } from './pushAppliance.ts';
import type { ApplianceNode } from './tree.ts';

/**
 * Fetches an appliance of a server as a template (`appliance_export`) into an empty folder the person names,
 * and opens it. A caller may name the folder.
 */
export async function pullAppliance(
  argument: unknown,
  given: unknown,
  context: ApplianceCommands,
): Promise<vscode.Uri | undefined> {
  assertTrusted();
  const node = nodeIn(argument);
  if (node?.kind !== 'serverAppliance') {
    throw new Refusal(vscode.l10n.t('Choose an appliance in the Appliances view.'));
  }
  const { server, appliance } = node;
  const { name = 'appliance', version = '' } = appliance;
  const target =
    given instanceof vscode.Uri ? given : await askFolder(`${name}-${version}`.replaceAll(/[/\\]/g, '_'));
  if (target === undefined) return undefined;
  const folder = target.fsPath;
  if ((await readdir(folder).catch(() => [])).length > 0) {
    throw new Refusal(vscode.l10n.t('{0} is not empty: choose another folder.', folder));
  }
  const title = vscode.l10n.t('Pulling {0}', `${name} ${version}`);
  const outcome = await withProgress(title, async (report, signal) => {
    const { exportTemplate } = await import('./exportTemplate.ts');
    const client = await context.servers.client(server, signal);
    await mkdir(folder, { recursive: true });
    await exportTemplate({ client, appliance, folder, clock: context.clock, signal, report });
    const file =
      (await readdir(folder)).find((entry) => /^template\.(ya?ml|json)$/.test(entry)) ?? 'template.yml';
    const path = join(folder, file);
    await remember(path, node, context.memory);
    return vscode.Uri.file(path);
  });
  if (outcome.kind === 'cancelled') return undefined;
  await context.view.refresh();
  await vscode.window.showTextDocument(outcome.value);
  return outcome.value;
}

/** What was pulled is what the server has: whoever has not changed it is in step. */
async function remember(
  file: string,
  { server, appliance }: Extract<ApplianceNode, { kind: 'serverAppliance' }>,
  memory: PushMemory,
): Promise<void> {
  const { uri, name = '', version = '', revision } = appliance;
  const { packTemplate } = await import('../../appliance/archive/packTemplate.ts');
  // One that can't be packed here is opened all the same; its problems are marked in it.
  const digest = await packTemplate(file).then(
    (archive) => archive.digest,
    () => undefined,
  );
  if (uri === undefined || digest === undefined) return;
  const key = { server, name, version };
  await memory.inTurn(key, async () => {
    const last = await memory.get(key);
    const pulled = { digest, ...(revision !== undefined && { revision }) };
    const applianceUri = uri.replace(/^\/+/, '');
    const pushed = last?.applianceUri === applianceUri ? last : { digest, applianceUri };
    await memory.set(key, { ...pushed, pulled });
  });
}

async function askFolder(name: string): Promise<vscode.Uri | undefined> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  if (workspace === undefined) {
    throw new Refusal(vscode.l10n.t('Open a folder first: the template is written into it.'));
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
