import { join } from 'node:path';
import type * as vscode from 'vscode';
import { isFinal } from '../../../tickets/state.ts';
import { keyOf, type Tracked } from '../../../tickets/tracked.ts';
import type { TrackedStore } from '../../../tickets/trackedStore.ts';
import type { Clock } from '../../../uforge/clock.ts';
import { offer, type ErrorReporter } from '../../errors.ts';
import { inform, showError } from '../../messages.ts';
import { readSettings } from '../../settings.ts';
import { OnceForAllWindows } from '../../windows/onceForAllWindows.ts';
import type { NotificationText } from './notificationText.ts';
import { messageOf } from '../../../uforge/messageOf.ts';

/** How long to wait for others that end at the same time, ms: a template's images end close together. */
const batchMs = 1_500;

export interface NotificationsOptions<T extends Tracked> {
  readonly store: TrackedStore<T>;
  /** What is said of all that ended together. */
  readonly describe: (ended: readonly T[]) => NotificationText;
  readonly storage: vscode.Uri;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
  /** Whether the person is looking at the rows: then the news is in front of them. */
  readonly isLooking: () => boolean;
  /** Shows a notification; VS Code’s own unless something else is to hear of it. */
  readonly tell?: (text: NotificationText) => Promise<void>;
}

/**
 * Tells when images, publications or deployments are done or have failed, once, however many windows watch
 * them: the first that claims one is the one that tells. What ends together is told together, nothing is told
 * to somebody who is looking at the rows, and cancelling is the person's own doing.
 */
export class Notifications<T extends Tracked> implements vscode.Disposable {
  readonly #options: NotificationsOptions<T>;
  readonly #once: OnceForAllWindows;
  readonly #running = new Set<string>();
  readonly #subscription: Disposable;
  #ended: T[] = [];
  #timer: Disposable | undefined;

  constructor(options: NotificationsOptions<T>) {
    this.#options = options;
    this.#once = new OnceForAllWindows(join(options.storage.fsPath, 'told'), options.clock);
    this.#remember(options.store.all());
    this.#subscription = options.store.onDidChange(({ added, changed, removed }) => {
      this.#remember(added);
      for (const record of removed) this.#running.delete(keyOf(record));
      for (const record of changed) this.#follow(record);
    });
  }

  dispose(): void {
    this.#subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  #remember(records: readonly T[]): void {
    for (const record of records) if (!isFinal(record.state)) this.#running.add(keyOf(record));
  }

  /** Only what this window saw running is news: an old record seen for the first time is not. */
  #follow(record: T): void {
    if (!isFinal(record.state)) {
      this.#running.add(keyOf(record));
      return;
    }
    if (!this.#running.delete(keyOf(record)) || record.state === 'cancelled') return;
    this.#ended.push(record);
    this.#timer ??= this.#options.clock.schedule(batchMs, () => void this.#tell());
  }

  /** Never rejects. */
  async #tell(): Promise<void> {
    this.#timer = undefined;
    const ended = this.#ended;
    this.#ended = [];
    const mine = await Promise.all(ended.map((record) => this.#claim(record)));
    const level = readSettings().notifications;
    if (level === 'none' || this.#options.isLooking()) return;
    const news = ended.filter(
      (record, at) => mine[at] === true && (level === 'all' || record.state === 'failed'),
    );
    if (news.length > 0) await (this.#options.tell ?? show)(this.#options.describe(news));
  }

  async #claim(record: T): Promise<boolean> {
    try {
      return await this.#once.claim(`${keyOf(record)} ${record.created}`);
    } catch (error) {
      // A claim that can't be written must not cost the person the news.
      this.#options.errors.note('Marking a notification as shown', messageOf(error));
      return true;
    }
  }
}

async function show({ severity, message, actions }: NotificationText): Promise<void> {
  await offer(severity === 'error' ? showError : inform, message, actions);
}
