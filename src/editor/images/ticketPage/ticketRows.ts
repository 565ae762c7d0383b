import * as vscode from 'vscode';
import { applianceLabel, type Ticket } from '../../../tickets/ticket.ts';
import type { Publication } from '../../../tickets/publication.ts';
import type { Image } from '../../../uforge/dto.ts';
import { publicationDescription, publicationLabel } from '../../publications/publicationRow.ts';
import { formatBytes, whyNotDownloadable } from '../appearance.ts';
import type { Row } from './ticketHtml.ts';

/** What was asked for. */
export function requestRows(ticket: Ticket, image: Image | undefined): readonly Row[] {
  const { installProfile } = image ?? {};
  const rows: readonly (readonly [string, string | undefined])[] = [
    [vscode.l10n.t('Appliance'), applianceLabel(ticket)],
    [vscode.l10n.t('Revision'), ticket.revision?.toString()],
    [vscode.l10n.t('Distribution'), image?.distributionName],
    [vscode.l10n.t('Target format'), ticket.targetFormat],
    [vscode.l10n.t('Memory'), inMb(installProfile?.memorySize)],
    [vscode.l10n.t('Disk'), inMb(installProfile?.diskSize)],
    [vscode.l10n.t('Swap'), inMb(installProfile?.swapSize)],
    [vscode.l10n.t('Compressed'), image?.compress === undefined ? undefined : yesNo(image.compress)],
    [vscode.l10n.t('Simulated'), ticket.simulated ? yesNo(true) : undefined],
    [
      vscode.l10n.t('Definition'),
      ticket.definition && vscode.workspace.asRelativePath(vscode.Uri.parse(ticket.definition)),
    ],
  ];
  return rows.filter((row): row is Row => row[1] !== undefined && row[1] !== '');
}

/** What came out; nothing before there is a file. */
export function fileRows(
  ticket: Ticket,
  image: Image | undefined,
  tested: string | undefined,
): readonly Row[] {
  if (image?.fileName === undefined) return [];
  const rows: readonly (readonly [string, string | undefined])[] = [
    [vscode.l10n.t('Name'), image.fileName],
    [vscode.l10n.t('Size'), image.fileSize === undefined ? undefined : formatBytes(Number(image.fileSize))],
    ['SHA-256', image.sha256sum],
    ['MD5', image.md5sum],
    [vscode.l10n.t('Download'), whyNotDownloadable(ticket)],
    [vscode.l10n.t('Tests'), tested],
  ];
  return rows.filter((row): row is Row => row[1] !== undefined);
}

/** Where it was published, and how that stands. */
export function publicationRow(publication: Publication): Row {
  const { location } = publication;
  const where = location === undefined ? [] : [location];
  return [
    publicationLabel(publication),
    [publicationDescription(publication, Date.now()), ...where].join(' · '),
  ];
}

function inMb(size: number | bigint | undefined): string | undefined {
  return size === undefined ? undefined : vscode.l10n.t('{0} MB', String(size));
}

function yesNo(value: boolean): string {
  return value ? vscode.l10n.t('yes') : vscode.l10n.t('no');
}
