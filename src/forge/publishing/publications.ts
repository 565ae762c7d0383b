import { join } from 'node:path';
import { wipe } from '../../builder/index.ts';
import { decodeAs } from '../../uforge/codec/codec.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { Dto, PublishImage } from '../../uforge/dto.ts';
import { messageOf } from '../../uforge/messageOf.ts';
import type { DataFolder } from '../process/paths.ts';
import type { ApplianceStore } from '../store/applianceStore.ts';
import type { CloudAccountStore } from '../store/cloudAccountStore.ts';
import { secretValues, type CredAccount } from '../store/cloudSecrets.ts';
import type { PublicationRecord, PublicationStore } from '../store/publicationStore.ts';
import type { TicketStore } from '../store/ticketStore.ts';
import { PlatformError } from './platformError.ts';
import { PlatformHttp } from './platformHttp.ts';
import { platformOf } from './platforms.ts';
import { PacedProgress } from './pacedProgress.ts';
import type { Platform, PlatformContext, Publisher, Transferred } from './publisher.ts';
import { publishers } from './publishers.ts';

export interface PublicationsInit {
  readonly store: PublicationStore;
  readonly tickets: TicketStore;
  readonly appliances: ApplianceStore;
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
/** How long what is half at a platform may take to be removed, ms. A forge that stops has less than 30 s. */
const cleanUpMs = 20_000;

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

  /**
   * After a start: what was going on ended with the forge that did it. What it had begun at a platform is
   * removed there, in the background.
   */
  recover(): void {
    const { store } = this.#init;
    for (const record of store.running()) {
      if (record.unfinished === undefined) store.fail(record.id, stoppedMessage);
      else this.#track(record.id, () => this.#recover(record));
    }
  }

  /** @param inline an account that is not kept, with its secrets: it is gone when the publication ends */
  start({ id }: PublicationRecord, inline?: CredAccount): void {
    this.#track(id, (signal) => this.#run(id, inline, signal));
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

  /** What talks to the platform of a kind of account or publication. @throws {PlatformError} when nothing does */
  async platform(name: string): Promise<Platform> {
    const all = this.#init.publishers ?? publishers;
    const found = all.find((each) => each.platform === name);
    if (found !== undefined) return await found.load();
    throw new PlatformError(
      `The local forge can’t publish to ${name}: it has publishers for ${all.map((each) => each.platform).join(', ')}. Download the image and register it there.`,
    );
  }

  /** What its platform offers to an account that is kept. @throws {PlatformError} when it does not let it in */
  async resources(accountId: number, signal: AbortSignal): Promise<Dto<'CredAccountResources'>> {
    const account = this.#init.cloudAccounts.withSecrets(accountId);
    const platform = await this.platform(platformOf(account?.$type ?? 'CredAccount'));
    return await this.with(account, signal, (context) => platform.resources(context));
  }

  /** Does something at a platform for an account. */
  async with<T>(
    account: CredAccount | undefined,
    signal: AbortSignal,
    act: (context: PlatformContext) => Promise<T>,
  ): Promise<T> {
    const { clock } = this.#init;
    const { env } = process;
    await using http = new PlatformHttp(clock, env);
    return await act({ account, http, clock, env, signal });
  }

  #track(id: number, run: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController();
    const ended = run(controller.signal)
      .catch((error: unknown) => this.#init.onError(error))
      .finally(() => this.#running.delete(id));
    this.#running.set(id, { controller, ended });
  }

  async #run(id: number, inline: CredAccount | undefined, signal: AbortSignal): Promise<void> {
    const { store, tickets } = this.#init;
    const record = store.get(id);
    if (record === undefined) return;
    const account = this.#accountOf(record, inline);
    try {
      await this.#publish(record, account, signal);
    } catch (error) {
      const left = await this.#cleanUp(id, account);
      if (left !== undefined) this.#fail(id, account, left.message, left.detail ?? textOf(error));
      else if (signal.reason === 'cancelled') store.cancelled(id);
      else if (signal.aborted) store.fail(id, stoppedMessage);
      else if (tickets.get(record.imageId) === undefined) {
        store.fail(id, `Image ${record.imageId} has been deleted.`);
      } else this.#fail(id, account, messageOf(error), textOf(error));
    }
  }

  async #publish(
    record: PublicationRecord,
    account: CredAccount | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { tickets, appliances, data, store, clock } = this.#init;
    const { id, imageId } = record;
    const request = requestOf(record);
    const platform = await this.platform(platformOf(request.$type ?? 'PublishImage'));
    const file = tickets.get(imageId)?.file;
    const appliance = appliances.get(record.applianceId);
    if (file === undefined || appliance === undefined) {
      throw new PlatformError(`Image ${imageId} has been deleted.`);
    }
    const workDir = join(data.work, `publication-${id}`);
    using progress = new PacedProgress((message, bytes) => this.#progress(id, message, bytes), clock);
    try {
      const published = await this.with(account, signal, (context) =>
        platform.publish(context, {
          ...{ file, request, workDir },
          path: join(data.image(imageId), file.fileName),
          name: appliance.name,
          version: appliance.version,
          distribution: appliance.distribution,
          targetFormat: record.targetFormat,
          observer: {
            progress: (message, bytes) => progress.tell(message, bytes),
            unfinished: (what) => store.unfinished(id, what),
          },
        }),
      );
      const date = new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ');
      store.finish(id, `Done, published on ${date} UTC`, published);
    } finally {
      await wipe(workDir);
    }
  }

  /** A disk too full to say how far it is does not end it. */
  #progress(id: number, message: string, bytes: Transferred | undefined): void {
    try {
      this.#init.store.progress(id, message, bytes);
    } catch (error) {
      this.#init.onError(error);
    }
  }

  /** Removes what is half at the platform. @returns why it is there still */
  async #cleanUp(id: number, account: CredAccount | undefined): Promise<PlatformError | undefined> {
    const { store } = this.#init;
    const record = store.get(id);
    if (record?.unfinished === undefined) return undefined;
    const { unfinished } = record;
    const request = requestOf(record);
    try {
      const platform = await this.platform(platformOf(request.$type ?? 'PublishImage'));
      await this.with(account, AbortSignal.timeout(cleanUpMs), (context) =>
        platform.cleanUp(context, request, unfinished),
      );
      store.unfinished(id, undefined);
      return undefined;
    } catch (error) {
      return new PlatformError(
        `This publication has ended, but what it had begun at the platform could not be removed: ${unfinished}. Remove it there yourself. (${messageOf(error)})`,
        { detail: textOf(error) ?? '' },
      );
    }
  }

  async #recover(record: PublicationRecord): Promise<void> {
    const account = this.#accountOf(record, undefined);
    const left = await this.#cleanUp(record.id, account);
    if (left === undefined) this.#init.store.fail(record.id, stoppedMessage);
    else this.#fail(record.id, account, `${stoppedMessage} ${left.message}`, left.detail);
  }

  #accountOf({ accountId }: PublicationRecord, inline: CredAccount | undefined): CredAccount | undefined {
    return accountId === undefined ? inline : this.#init.cloudAccounts.withSecrets(accountId);
  }

  /** A platform may repeat what it was sent: secrets go no further. */
  #fail(id: number, account: CredAccount | undefined, message: string, detail: string | undefined): void {
    const secrets = account === undefined ? [] : secretValues(account);
    const hidden = secrets.reduce((text, secret) => text?.replaceAll(secret, '•••'), detail);
    this.#init.store.fail(id, message, hidden);
  }
}

export function requestOf({ request }: Pick<PublicationRecord, 'request'>): PublishImage {
  return decodeAs('publishImage', request, 'application/json');
}

/** What there is to tell besides the sentence. */
function textOf(error: unknown): string | undefined {
  if (error instanceof PlatformError) return error.detail;
  return error instanceof Error ? error.stack : undefined;
}
