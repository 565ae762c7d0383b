import * as vscode from 'vscode';
import type { Clock } from '../../uforge/clock.ts';
import type { DefinitionDiagnostics } from '../definitions/diagnostics.ts';
import type { ApplianceMemory } from '../definitions/memory.ts';
import { assertOnDisk, assertTrusted } from '../definitions/trust.ts';
import { withProgress } from '../progress.ts';
import type { Servers } from '../server/servers.ts';
import { templateIn } from './pickTemplate.ts';
import type { AppliancesView } from './tree.ts';

export interface ApplianceCommands {
  readonly servers: Servers;
  readonly memory: ApplianceMemory;
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
