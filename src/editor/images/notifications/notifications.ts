import { join } from 'node:path';
import type * as vscode from 'vscode';
import { isFinal } from '../../../tickets/state.ts';
import type { TicketStore } from '../../../tickets/store.ts';
import { ticketKey, type Ticket } from '../../../tickets/ticket.ts';
import type { Clock } from '../../../uforge/clock.ts';
import { offer, sentenceOf, type ErrorReporter } from '../../errors.ts';
import { inform, showError } from '../../messages.ts';
import { readSettings } from '../../settings.ts';
import { OnceForAllWindows } from '../../windows/onceForAllWindows.ts';
import { notificationOf, type NotificationText } from './notificationText.ts';

/** How long to wait for others that end at the same time, ms: a template's images end close together. */
const batchMs = 1_500;

export interface NotificationsOptions {
  readonly store: TicketStore;
  readonly storage: vscode.Uri;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
  /** Whether the person is looking at the rows: then the news is in front of them. */
  readonly isLooking: () => boolean;
  /** Shows a notification; VS Code’s own unless something else is to hear of it. */
  readonly tell?: (text: NotificationText) => Promise<void>;
}

/**
 * Tells when images are done or have failed, once, however many windows watch them: the first that claims a
 * ticket is the one that tells. What ends together is told together, nothing is told to somebody who is
 * looking at the rows, and cancelling is the person's own doing.
 */
export class Notifications implements vscode.Disposable {
  readonly #options: NotificationsOptions;
  readonly #once: OnceForAllWindows;
  readonly #running = new Set<string>();
  readonly #subscription: Disposable;
  #ended: Ticket[] = [];
  #timer: Disposable | undefined;

  constructor(options: NotificationsOptions) {
    this.#options = options;
    this.#once = new OnceForAllWindows(join(options.storage.fsPath, 'told'), options.clock);
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
    if (news.length > 0) await (this.#options.tell ?? show)(notificationOf(news));
  }

  async #claim(ticket: Ticket): Promise<boolean> {
    try {
      return await this.#once.claim(`${ticketKey(ticket)} ${ticket.created}`);
    } catch (error) {
      // A claim that can't be written must not cost the person the news.
      this.#options.errors.note('Marking a notification as shown', sentenceOf(error));
      return true;
    }
  }
}

async function show({ severity, message, actions }: NotificationText): Promise<void> {
  await offer(severity === 'error' ? showError : inform, message, actions);
}
