import { join } from 'node:path';
import { decodeAs } from '../../uforge/codec/codec.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { DataFolder } from '../process/paths.ts';
import type { CloudAccountStore } from '../store/cloudAccountStore.ts';
import type { CredAccount } from '../store/cloudSecrets.ts';
import type { PublicationRecord, PublicationStore } from '../store/publicationStore.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import { platformOf } from './platforms.ts';
import { publishers, type Publisher, type PublishWork } from './publisher.ts';

export interface PublicationsInit {
  readonly store: PublicationStore;
  readonly tickets: TicketStore;
  readonly cloudAccounts: CloudAccountStore;
  readonly data: DataFolder;
  readonly clock: Clock;
  /** The forge's own unless given. */
  readonly publishers?: readonly Publisher[];
  readonly onError: (error: unknown) => void;
}

interface Running {
  readonly controller: AbortController;
  /** Settles, and never rejects, when nothing of it goes on any more. */
  readonly ended: Promise<void>;
}

const stoppedMessage = 'The forge was stopped while this image was being published.';

/** The publications that go on: the only place where a publication's state changes. */
export class Publications {
  readonly #init: PublicationsInit;
  readonly #running = new Map<number, Running>();

  constructor(init: PublicationsInit) {
    this.#init = init;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** After a start: what was going on ended with the forge that did it. */
  recover(): void {
    this.#init.store.failUnfinished(stoppedMessage);
  }

  /** @param inline an account that is not kept, with its secrets: it is gone when the publication ends */
  start({ id }: PublicationRecord, inline?: CredAccount): void {
    const controller = new AbortController();
    const ended = this.#run(id, inline, controller.signal)
      .catch((error: unknown) => this.#init.onError(error))
      .finally(() => this.#running.delete(id));
    this.#running.set(id, { controller, ended });
  }

  /** Resolves once nothing of it is left. False when it was not going on, or was done in that very moment. */
  async cancel(id: number): Promise<boolean> {
    const running = this.#running.get(id);
    if (running === undefined) return false;
    running.controller.abort('cancelled');
    await running.ended;
    return this.#init.store.get(id)?.state === 'cancelled';
  }

  async stop(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { controller } of all) controller.abort('stopped');
    await Promise.all(all.map(({ ended }) => ended));
  }

  async #run(id: number, inline: CredAccount | undefined, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#init;
    const record = store.get(id);
    if (record === undefined) return;
    try {
      const { publisher, work } = this.#workOf(record, inline);
      const observer = {
        progress: (percentage: number, message: string) => store.progress(id, percentage, message),
      };
      const published = await publisher.publish(work, observer, signal);
      const date = new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ');
      store.finish(id, `Done, published on ${date} UTC`, published);
    } catch (error) {
      if (signal.reason === 'cancelled') store.cancelled(id);
      else if (signal.aborted) store.fail(id, stoppedMessage);
      else if (error instanceof NotPublishable) store.fail(id, error.message);
      else if (error instanceof Error) store.fail(id, error.message, error.stack);
      else store.fail(id, String(error));
    }
  }

  #workOf(
    record: PublicationRecord,
    inline: CredAccount | undefined,
  ): { readonly publisher: Publisher; readonly work: PublishWork } {
    const { tickets, cloudAccounts, data } = this.#init;
    const request = decodeAs('publishImage', record.request, 'application/json');
    const publisher = this.#publisherOf(platformOf(request.$type ?? 'PublishImage'));
    const file = tickets.get(record.imageId)?.file;
    if (file === undefined) throw new NotPublishable(`Image ${record.imageId} has been deleted.`);
    const path = join(data.image(record.imageId), file.fileName);
    const account = record.accountId === undefined ? inline : cloudAccounts.withSecrets(record.accountId);
    return { publisher, work: { path, file, request, account } };
  }

  #publisherOf(platform: string): Publisher {
    const all = this.#init.publishers ?? publishers;
    const found = all.find((each) => each.platform === platform);
    if (found !== undefined) return found;
    const has =
      all.length === 0
        ? 'it has a publisher for no platform yet'
        : `it has publishers for ${all.map((each) => each.platform).join(', ')}`;
    throw new NotPublishable(
      `The local forge can’t publish to ${platform}: ${has}. Download the image and register it there.`,
    );
  }
}

/** The reason is the whole story: no stack has more to tell. */
class NotPublishable extends Error {
  override readonly name = 'NotPublishable';
}
