import * as vscode from 'vscode';
import type { PushMemory } from '../../generate/pushMemory.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { DefinitionDiagnostics } from '../definitions/diagnostics.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';
import { assertOnDisk, assertTrusted } from '../definitions/trust.ts';
import { withProgress } from '../progress.ts';
import type { Servers } from '../server/servers.ts';
import { templateIn } from './pickTemplate.ts';
import type { AppliancesView } from './tree.ts';

export interface ApplianceCommands {
  readonly servers: Servers;
  readonly memory: PushMemory;
  readonly picked: RememberedTexts;
  readonly diagnostics: DefinitionDiagnostics;
  readonly clock: Clock;
  readonly view: AppliancesView;
}

/** Pushes a template unless the server has that very content. Resolves with the appliance's URI. */
export async function pushAppliance(
  argument: unknown,
  context: ApplianceCommands,
): Promise<string | undefined> {
  assertTrusted();
  const definition = await templateIn(argument, vscode.l10n.t('Push to Server'));
  if (definition === undefined) return undefined;
  assertOnDisk(definition);
  const { servers, memory, picked, diagnostics, clock, view } = context;
  const server = servers.current;
  const label = servers.label(server);
  const outcome = await withProgress(vscode.l10n.t('Pushing to {0}', label), async (report, signal) => {
    const { editorHost, explained, pack, push, readTemplate } = await import('../generate/editorHost.ts');
    const client = await servers.client(server, signal);
    const host = editorHost({ servers, picked, diagnostics, server, signal, report });
    try {
      const template = readTemplate(definition.fsPath, await host.read(definition.fsPath));
      const archive = await pack(template, host, { signal });
      return (await push(archive, client, host, { server, memory, clock, signal })).uri;
    } catch (error) {
      throw await explained(error, diagnostics);
    }
  });
  await view.refresh();
  return outcome.kind === 'done' ? outcome.value : undefined;
}
