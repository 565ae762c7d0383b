import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Clock } from '../../uforge/clock.ts';
import { commandId } from '../commands/ids.ts';
import { offer, type Action, type ErrorReporter } from '../errors.ts';
import { formatBytes } from './appearance.ts';
import { Marks } from './marks.ts';
import { applianceLabel, ticketKey } from './nodes.ts';

/**
 * Tells when an image is done or has failed, once, however many windows watch it: the window that gets
 * the ticket's mark is the one that tells. Cancelling is the person's own doing: no message.
 */
export class Notifications implements vscode.Disposable {
  readonly #marks: Marks;
  readonly #errors: ErrorReporter;
  readonly #running = new Set<string>();
  readonly #subscription: Disposable;

  constructor(store: TicketStore, storage: vscode.Uri, clock: Clock, errors: ErrorReporter) {
    this.#marks = new Marks(join(storage.fsPath, 'told'), clock);
    this.#errors = errors;
    this.#remember(store.all());
    this.#subscription = store.onDidChange(({ added, changed, removed }) => {
      this.#remember(added);
      for (const ticket of removed) this.#running.delete(ticketKey(ticket));
      for (const ticket of changed) this.#follow(ticket);
    });
  }

  dispose(): void {
    this.#subscription[Symbol.dispose]();
  }

  #remember(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) {
      if (ticket.state === 'waiting' || ticket.state === 'running') this.#running.add(ticketKey(ticket));
    }
  }

  /** Only what this window saw running is news: an old ticket seen for the first time is not. */
  #follow(ticket: Ticket): void {
    if (ticket.state === 'waiting' || ticket.state === 'running') {
      this.#running.add(ticketKey(ticket));
      return;
    }
    if (!this.#running.delete(ticketKey(ticket)) || ticket.state === 'cancelled') return;
    this.#marks.claim(`${ticketKey(ticket)} ${ticket.created}`).then(
      (mine) => (mine ? tell(ticket) : undefined),
      // A mark that can't be written must not cost the person the news.
      (error: unknown) => {
        this.#errors.note('Marking a notification as shown', error);
        return tell(ticket);
      },
    );
  }
}

async function tell(ticket: Ticket): Promise<void> {
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
