import { join } from 'node:path';
import * as vscode from 'vscode';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Clock } from '../../uforge/clock.ts';
import { commandId } from '../commands/ids.ts';
import { offer, sentenceOf, type Action, type ErrorReporter } from '../errors.ts';
import { readSettings } from '../settings.ts';
import { formatBytes } from './appearance.ts';
import { Marks } from './marks.ts';
import { applianceLabel, ticketKey } from './nodes.ts';

/** How long to wait for others that end at the same time, ms: a template's images end close together. */
const batchMs = 1_500;

export interface NotificationsOptions {
  readonly store: TicketStore;
  readonly storage: vscode.Uri;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
  /** Whether the person is looking at the rows: then the news is in front of them. */
  readonly isLooking: () => boolean;
}

/**
 * Tells when images are done or have failed, once, however many windows watch them: the window that gets
 * a ticket's mark is the one that tells. What ends together is told together, nothing is told to somebody who is
 * looking at the rows, and cancelling is the person's own doing.
 */
export class Notifications implements vscode.Disposable {
  readonly #options: NotificationsOptions;
  readonly #marks: Marks;
  readonly #running = new Set<string>();
  readonly #subscription: Disposable;
  #ended: Ticket[] = [];
  #timer: Disposable | undefined;

  constructor(options: NotificationsOptions) {
    this.#options = options;
    this.#marks = new Marks(join(options.storage.fsPath, 'told'), options.clock);
    this.#remember(options.store.all());
    this.#subscription = options.store.onDidChange(({ added, changed, removed }) => {
      this.#remember(added);
      for (const ticket of removed) this.#running.delete(ticketKey(ticket));
      for (const ticket of changed) this.#follow(ticket);
    });
  }

  dispose(): void {
    this.#subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  #remember(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) if (!isFinal(ticket.state)) this.#running.add(ticketKey(ticket));
  }

  /** Only what this window saw running is news: an old ticket seen for the first time is not. */
  #follow(ticket: Ticket): void {
    if (!isFinal(ticket.state)) {
      this.#running.add(ticketKey(ticket));
      return;
    }
    if (!this.#running.delete(ticketKey(ticket)) || ticket.state === 'cancelled') return;
    this.#ended.push(ticket);
    this.#timer ??= this.#options.clock.schedule(batchMs, () => void this.#tell());
  }

  /** Never rejects. */
  async #tell(): Promise<void> {
    this.#timer = undefined;
    const ended = this.#ended;
    this.#ended = [];
    const mine = await Promise.all(ended.map((ticket) => this.#claim(ticket)));
    const level = readSettings().notifications;
    if (level === 'none' || this.#options.isLooking()) return;
    const news = ended.filter(
      (ticket, at) => mine[at] === true && (level === 'all' || ticket.state === 'failed'),
    );
    const [only, ...others] = news;
    if (only === undefined) return;
    await (others.length === 0 ? tellOne(only) : tellMany(news));
  }

  async #claim(ticket: Ticket): Promise<boolean> {
    try {
      return await this.#marks.claim(`${ticketKey(ticket)} ${ticket.created}`);
    } catch (error) {
      // A mark that can't be written must not cost the person the news.
      this.#options.errors.note('Marking a notification as shown', sentenceOf(error));
      return true;
    }
  }
}

async function tellOne(ticket: Ticket): Promise<void> {
  const run = (title: string, name: Parameters<typeof commandId>[0]): Action => ({
    title,
    run: () => vscode.commands.executeCommand(commandId(name), ticket),
  });
  const what = [applianceLabel(ticket), ticket.targetFormat] as const;
  const showLog = run(vscode.l10n.t('Show Log'), 'showLog');
  if (ticket.state === 'failed') {
    const actions = [showLog];
    if (ticket.definition !== undefined) actions.push(run(vscode.l10n.t('Try Again'), 'generateAgain'));
    const why = ticket.errorMessage ?? ticket.message;
    const message = vscode.l10n.t('{0} for {1} failed: {2}', ...what, why);
    await offer(vscode.window.showErrorMessage(message, ...actions.map(({ title }) => title)), actions);
    return;
  }
  const actions = [run(vscode.l10n.t('Show'), 'showImages')];
  if (ticket.downloadable) actions.unshift(run(vscode.l10n.t('Download'), 'download'));
  const size = ticket.fileSize === undefined ? '' : ` (${formatBytes(ticket.fileSize)})`;
  const message = ticket.simulated
    ? vscode.l10n.t('The dependencies of {0} for {1} are complete.', ...what)
    : vscode.l10n.t('{0} for {1} is done{2}.', ...what, size);
  await offer(vscode.window.showInformationMessage(message, ...actions.map(({ title }) => title)), actions);
}

/** One sentence for all that ended together; the rows tell the rest. */
async function tellMany(tickets: readonly Ticket[]): Promise<void> {
  const failed = tickets.filter(({ state }) => state === 'failed');
  const [first] = failed;
  const names = [...new Set(tickets.map(applianceLabel))].slice(0, 3).join(', ');
  const show: Action = {
    title: vscode.l10n.t('Show'),
    run: () => vscode.commands.executeCommand(commandId('showImages'), first ?? tickets[0]),
  };
  if (first === undefined) {
    const message = vscode.l10n.t('{0} images are done: {1}.', tickets.length, names);
    await offer(vscode.window.showInformationMessage(message, show.title), [show]);
    return;
  }
  const why = first.errorMessage ?? first.message;
  const message = vscode.l10n.t(
    '{0} of {1} images failed: {2}. The first: {3}',
    failed.length,
    tickets.length,
    names,
    why,
  );
  await offer(vscode.window.showErrorMessage(message, show.title), [show]);
}
