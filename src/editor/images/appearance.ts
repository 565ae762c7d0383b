import * as vscode from 'vscode';
import { targetFormatNamed } from '../../appliance/catalog/targetFormats.ts';
import { stageOf } from '../../tickets/fromServer.ts';
import type { TicketState } from '../../tickets/state.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Tracked } from '../../tickets/tracked.ts';
import { roundDuration } from './durations.ts';

const icons: Readonly<Record<TicketState, readonly [icon: string, colour?: string]>> = {
  waiting: ['circle-outline', 'charts.yellow'],
  running: ['sync~spin', 'charts.blue'],
  done: ['pass-filled', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  cancelled: ['circle-slash', 'disabledForeground'],
};

export function iconOf(state: TicketState): vscode.ThemeIcon {
  return colouredIcon(...icons[state]);
}

export function colouredIcon(icon: string, colour?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

/** The state as a person says it. */
export function stateLabel(state: TicketState): string {
  switch (state) {
    case 'waiting':
      return vscode.l10n.t('Waiting');
    case 'running':
      return vscode.l10n.t('Running');
    case 'done':
      return vscode.l10n.t('Done');
    case 'failed':
      return vscode.l10n.t('Failed');
    case 'cancelled':
      return vscode.l10n.t('Cancelled');
  }
}

/**
 * Beside the target format in the tree: `62 % · 2 min left · Installing packages` while it is being made, the outcome
 * afterwards. What matters comes first: a narrow side bar cuts the end off, and the icon says the state.
 */
export function descriptionOf(ticket: Ticket, now: number): string {
  if (ticket.pending !== undefined) return pendingLabel(ticket.pending);
  const { simulated, fileSize } = ticket;
  if (simulated) return progressOf(ticket, vscode.l10n.t('Dependencies checked'), now);
  return progressOf(ticket, fileSize === undefined ? stateLabel('done') : formatBytes(fileSize), now);
}

/** The same of whatever a server works at. @param done what there is to say once it is done */
export function progressOf(record: Tracked, done: string, now: number): string {
  const { state, message, percentage, errorMessage } = record;
  const stage = message === '' ? stateLabel(state) : stageOf(message);
  if (state === 'waiting') return stage;
  if (state === 'running') return [`${percentage} %`, ...timeLeft(record, now), stage].join(' · ');
  const when = shortTime(record.finished ?? record.changed, now);
  if (state === 'failed') return `${errorMessage ?? message} · ${when}`;
  return `${state === 'done' ? done : stateLabel(state)} · ${when}`;
}

function pendingLabel(pending: NonNullable<Ticket['pending']>): string {
  switch (pending) {
    case 'cancel':
      return vscode.l10n.t('Cancelling…');
    case 'delete':
      return vscode.l10n.t('Deleting…');
    case 'regenerate':
      return vscode.l10n.t('Starting again…');
  }
}

/** A date with the time, as a person reads it. */
export function timeOf(date: string): string {
  return new Date(date).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Without the year, and today without the day: a row is narrow, and its tooltip has the whole date. */
function shortTime(date: string, now: number): string {
  const isToday = new Date(date).toDateString() === new Date(now).toDateString();
  return new Date(date).toLocaleString(vscode.env.language, {
    ...(!isToday && { month: 'short', day: 'numeric' }),
    hour: 'numeric',
    minute: '2-digit',
  });
}

/** Whether there is an image that a platform takes. Formats of other names than the documented may be. */
export function isPublishable({ state, simulated, targetFormat }: Ticket): boolean {
  const facts = targetFormatNamed(targetFormat);
  return state === 'done' && !simulated && (facts === undefined || facts.publishType !== undefined);
}

/** How long it takes until it is done, as its server expects; nothing when that has passed. */
function timeLeft({ eta }: Tracked, now: number): string[] {
  const left = eta === undefined ? 0 : Date.parse(eta) - now;
  return left > 0 ? [vscode.l10n.t('{0} left', roundDuration(left))] : [];
}

/**
 * What the menus ask for: `ticket`, the state, and what can be done with it, as in
 * `ticket.done.downloadable.definition`.
 */
export function contextValueOf(ticket: Ticket): string {
  const parts = ['ticket', ticket.state];
  if (ticket.downloadable) parts.push('downloadable');
  else if (ticket.state === 'done' && !ticket.simulated) parts.push('withheld');
  if (isPublishable(ticket)) parts.push('publishable');
  if (ticket.definition !== undefined) parts.push('definition');
  if (ticket.pending !== undefined) parts.push('pending');
  return parts.join('.');
}

/** Only for finished images: why they can't be downloaded. */
export function whyNotDownloadable(ticket: Ticket): string | undefined {
  if (ticket.state !== 'done' || ticket.downloadable) return undefined;
  return ticket.simulated
    ? vscode.l10n.t('none: only the dependencies were checked')
    : vscode.l10n.t('none: the image was requested without compress');
}

/** For screen readers: the row without its picture. The state is said once. */
export function accessibleLabelOf(ticket: Ticket, appliance: string, description: string): string {
  const state = stateLabel(ticket.state);
  const said = description.startsWith(state) ? description : `${state}, ${description}`;
  return `${appliance}, ${ticket.targetFormat}, ${said}`;
}

/**
 * `1.2 GB`: bytes in powers of 1000, as file managers and download pages show them, in the person’s language.
 */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return value.toLocaleString(vscode.env.language, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
