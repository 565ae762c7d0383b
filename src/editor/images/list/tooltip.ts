import * as vscode from 'vscode';
import { isFinal } from '../../../tickets/state.ts';
import { applianceLabel, type Ticket } from '../../../tickets/ticket.ts';
import type { Tracked } from '../../../tickets/tracked.ts';
import { markdownText } from '../../foreignText.ts';
import { markdown } from '../../markdown.ts';
import { formatBytes, stateLabel, timeOf, whyNotDownloadable } from '../appearance.ts';
import { elapsedOf, formatDuration } from '../durations.ts';

type TooltipRow = readonly [name: string, value: string | undefined];

/** Everything there is to know about a ticket. */
export function tooltipOf(ticket: Ticket, server: string, now: number, stale = false): vscode.MarkdownString {
  const title = `${applianceLabel(ticket)} · ${ticket.targetFormat}`;
  return tableTooltip(title, ticket, rowsOf(ticket, server, now, stale));
}

/** A title, why it failed, and a table without what is not known. Texts of the server are text, not Markdown. */
export function tableTooltip(
  title: string,
  { errorMessage }: Pick<Tracked, 'errorMessage'>,
  rows: readonly TooltipRow[],
): vscode.MarkdownString {
  const failure = errorMessage === undefined ? '' : `$(error) ${markdownText(errorMessage)}\n\n`;
  const lines = rows.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`| ${cell(name)} | ${cell(value)} |\n`],
  );
  return markdown(`**${markdownText(title)}**\n\n${failure}| | |\n|:--|:--|\n${lines.join('')}`);
}

function rowsOf(ticket: Ticket, server: string, now: number, stale: boolean): readonly TooltipRow[] {
  const running = !isFinal(ticket.state);
  return [
    [vscode.l10n.t('State'), stateLabel(ticket.state)],
    [vscode.l10n.t('Stage'), ticket.message],
    [vscode.l10n.t('Progress'), running ? `${ticket.percentage} %` : undefined],
    [running ? vscode.l10n.t('Elapsed') : vscode.l10n.t('Took'), formatDuration(elapsedOf(ticket, now))],
    [vscode.l10n.t('Expected'), running && ticket.eta !== undefined ? timeOf(ticket.eta) : undefined],
    [vscode.l10n.t('Started'), timeOf(ticket.created)],
    [vscode.l10n.t('Revision'), revisionOf(ticket, stale)],
    [vscode.l10n.t('File'), ticket.fileName],
    [vscode.l10n.t('Size'), ticket.fileSize === undefined ? undefined : formatBytes(ticket.fileSize)],
    [vscode.l10n.t('Download'), whyNotDownloadable(ticket)],
    [vscode.l10n.t('Server'), server],
  ];
}

function revisionOf({ revision }: Ticket, stale: boolean): string | undefined {
  if (revision === undefined) return undefined;
  return stale
    ? vscode.l10n.t('{0}, out of date: the appliance has changed since', revision)
    : String(revision);
}

/** A table cell is one line. */
function cell(text: string): string {
  return markdownText(text.replace(/\s+/g, ' '));
}
