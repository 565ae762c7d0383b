import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { TicketStore } from '../../../tickets/store.ts';
import type { Ticket } from '../../../tickets/ticket.ts';
import type { Clock } from '../../../uforge/clock.ts';
import { parseLong } from '../../../uforge/uris.ts';
import { ActionableError } from '../../errors.ts';
import { applianceLabel, ticketKey } from '../list/nodes.ts';
import type { PackageDocuments } from './packageDocuments.ts';
import { pickOne } from '../../inputs.ts';
import { withProgress } from '../../progress.ts';
import type { Servers } from '../../server/servers.ts';
import { ticketFor, ticketsFor, type TicketChoice } from '../pickTicket.ts';

/** Opens the packages in an image as a document. */
export async function showPackages(
  argument: unknown,
  store: TicketStore,
  documents: PackageDocuments,
): Promise<void> {
  const ticket = await ticketFor(argument, store, choice(vscode.l10n.t('Show Packages')));
  if (ticket !== undefined) await documents.show(ticket);
}

/** Compares the packages of two images: of the two selected, else of the one and another that the person picks. */
export async function comparePackages(
  args: readonly unknown[],
  store: TicketStore,
  documents: PackageDocuments,
): Promise<void> {
  const title = vscode.l10n.t('Compare Packages');
  const [first, second, ...more] = await ticketsFor(args, store, choice(title));
  if (first === undefined) return;
  if (more.length > 0) {
    throw new ActionableError(vscode.l10n.t('Two images can be compared, not more.'), [], 'warning');
  }
  const other =
    second ??
    (await ticketFor(undefined, store, {
      ...choice(title),
      placeHolder: vscode.l10n.t(
        'Image to compare {0} with',
        `${applianceLabel(first)} · ${first.targetFormat}`,
      ),
      fits: (ticket) => ticket.state === 'done' && ticketKey(ticket) !== ticketKey(first),
    }));
  if (other !== undefined) await documents.compare(first, other);
}

type SbomFormat = 'cyclonedx' | 'spdx';

/** Writes an image's bill of materials into a file the person names. A caller may name format and file. */
export async function exportSbom(
  args: readonly unknown[],
  store: TicketStore,
  documents: PackageDocuments,
  servers: Servers,
  clock: Clock,
): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t('Export Bill of Materials');
  const [argument, given] = args;
  const ticket = await ticketFor(argument, store, choice(title));
  if (ticket === undefined) return undefined;
  const { format = await pickFormat(title), file: named } = isTarget(given) ? given : {};
  if (format === undefined) return undefined;
  const file = named ?? (await askFile(ticket, format, title));
  if (file === undefined) return undefined;
  const outcome = await withProgress(vscode.l10n.t('Listing the packages'), async (_report, signal) => {
    const { cycloneDx, spdx } = await import('./sbom.ts');
    const { listedPackages } = await import('./packageList.ts');
    const client = await servers.client(ticket.server, signal);
    const ids = { aid: parseLong(ticket.aid), itid: parseLong(ticket.itid) };
    const [image, packages] = await Promise.all([
      client.machineImage_get(ids, { signal }),
      documents.read(ticket, signal),
    ]);
    const subject = {
      name: ticket.applianceName,
      version: ticket.applianceVersion,
      targetFormat: ticket.targetFormat,
      distribution: image.distributionName,
      fileName: image.fileName,
      sha256: image.sha256sum,
      packages: listedPackages(packages),
      created: new Date(clock.now()),
      id: randomUUID(),
    };
    const document = format === 'cyclonedx' ? cycloneDx(subject) : spdx(subject);
    await vscode.workspace.fs.writeFile(file, Buffer.from(`${JSON.stringify(document, null, 2)}\n`));
  });
  if (outcome.kind === 'cancelled') return undefined;
  if (named === undefined) await vscode.window.showTextDocument(file, { preview: true });
  return file;
}

function choice(title: string): TicketChoice {
  return {
    title,
    placeHolder: vscode.l10n.t('Image whose packages are meant'),
    none: vscode.l10n.t('This needs an image that is done: only then it is known what is in it.'),
    fits: ({ state }) => state === 'done',
  };
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
  return typeof value === 'object' && value !== null && 'format' in value && 'file' in value;
}
