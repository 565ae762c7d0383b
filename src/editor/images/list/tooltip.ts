import * as vscode from 'vscode';
import { isFinal } from '../../../tickets/state.ts';
import { applianceLabel, type Ticket } from '../../../tickets/ticket.ts';
import { markdownText } from '../../foreignText.ts';
import { markdown } from '../../markdown.ts';
import { formatBytes, stateLabel, timeOf, whyNotDownloadable } from '../appearance.ts';
import { elapsedOf, formatDuration } from '../durations.ts';

/** Everything there is to know about a ticket. Texts of the server are shown as text, not Markdown. */
export function tooltipOf(ticket: Ticket, server: string, now: number, stale = false): vscode.MarkdownString {
  const title = `**${markdownText(`${applianceLabel(ticket)} · ${ticket.targetFormat}`)}**\n\n`;
  const failure =
    ticket.errorMessage === undefined ? '' : `$(error) ${markdownText(ticket.errorMessage)}\n\n`;
  const rows = rowsOf(ticket, server, now, stale).map(
    ([name, value]) => `| ${cell(name)} | ${cell(value)} |\n`,
  );
  return markdown(`${title}${failure}| | |\n|:--|:--|\n${rows.join('')}`);
}

function rowsOf(
  ticket: Ticket,
  server: string,
  now: number,
  stale: boolean,
): [name: string, value: string][] {
  const running = !isFinal(ticket.state);
  const rows: [string, string | undefined][] = [
    [vscode.l10n.t('State'), stateLabel(ticket.state)],
    [vscode.l10n.t('Stage'), ticket.message === '' ? undefined : ticket.message],
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
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
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
