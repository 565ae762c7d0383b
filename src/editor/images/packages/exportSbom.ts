import * as vscode from 'vscode';
import type { SbomFormat } from '../../../generate/packages/billOfMaterials.ts';
import type { TicketStore } from '../../../tickets/store.ts';
import type { Ticket } from '../../../tickets/ticket.ts';
import type { Clock } from '../../../uforge/clock.ts';
import { isRecord } from '../../../uforge/isRecord.ts';
import { pickOne } from '../../inputs.ts';
import { withProgress } from '../../progress.ts';
import type { Servers } from '../../server/servers.ts';
import { ticketFor } from '../pickTicket.ts';
import { packageChoice } from './packageDocuments.ts';

/** Writes an image's bill of materials into a file the person names. A caller may name format and file. */
export async function exportSbom(
  args: readonly unknown[],
  store: TicketStore,
  servers: Servers,
  clock: Clock,
): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t('Export Bill of Materials');
  const [argument, given] = args;
  const ticket = await ticketFor(argument, store, packageChoice(title));
  if (ticket === undefined) return undefined;
  const { format = await pickFormat(title), file: named } = isTarget(given) ? given : {};
  if (format === undefined) return undefined;
  const file = named ?? (await askFile(ticket, format, title));
  if (file === undefined) return undefined;
  const outcome = await withProgress(vscode.l10n.t('Listing the packages'), async (_report, signal) => {
    const { billOfMaterials } = await import('../../../generate/packages/billOfMaterials.ts');
    const client = await servers.client(ticket.server, signal);
    const document = await billOfMaterials(ticket, format, client, clock, signal);
    await vscode.workspace.fs.writeFile(file, Buffer.from(document));
  });
  if (outcome.kind === 'cancelled') return undefined;
  if (named === undefined) await vscode.window.showTextDocument(file, { preview: true });
  return file;
}

async function pickFormat(title: string): Promise<SbomFormat | undefined> {
  const items = [
    { format: 'cyclonedx' as const, label: 'CycloneDX', description: '1.6, JSON' },
    { format: 'spdx' as const, label: 'SPDX', description: '2.3, JSON' },
  ];
  return (await pickOne(items, { title }))?.format;
}

async function askFile(ticket: Ticket, format: SbomFormat, title: string): Promise<vscode.Uri | undefined> {
  const ending = format === 'cyclonedx' ? 'cdx.json' : 'spdx.json';
  const name = `${ticket.applianceName}-${ticket.applianceVersion}.${ending}`.replaceAll(/[/\\]/g, '_');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title,
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { JSON: ['json'] },
  });
}

function isTarget(value: unknown): value is { readonly format: SbomFormat; readonly file: vscode.Uri } {
  return isRecord(value) && 'format' in value && 'file' in value;
}
