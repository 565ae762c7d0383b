import { sleep, type Clock } from '../../uforge/clock.ts';
import type { Dto } from '../../uforge/dto.ts';
import { messageOf } from '../../uforge/messageOf.ts';
import type { CloudAccountStore } from '../store/cloudAccountStore.ts';
import type { DeploymentRecord, DeploymentStore } from '../store/deploymentStore.ts';
import type { PublicationRecord } from '../store/publicationStore.ts';
import { PlatformError } from './platformError.ts';
import { platformOf } from './platforms.ts';
import { requestOf, type Publications } from './publications.ts';
import type { Machines, PlatformContext } from './publisher.ts';

interface DeploymentsInit {
  readonly store: DeploymentStore;
  readonly publications: Publications;
  readonly cloudAccounts: CloudAccountStore;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

interface Following {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

const pauseMs = 3000;
/** A machine that does not run after that time is not waited for any more, ms. */
const patienceMs = 15 * 60_000;
const stoppedMessage = 'The forge was stopped before the platform said which machine it has started.';

/** Machines made of publications: the only place where a deployment's state changes. */
export class Deployments {
  readonly #init: DeploymentsInit;
  readonly #following = new Map<number, Following>();

  constructor(init: DeploymentsInit) {
    this.#init = init;
  }

  get isBusy(): boolean {
    return this.#following.size > 0;
  }

  /** After a start: machines that have an id are looked after again. */
  recover(): void {
    const { store } = this.#init;
    for (const record of store.starting()) {
      if (record.instance === undefined) store.fail(record.id, stoppedMessage);
      else this.#track(record.id, (signal) => this.#follow(record.id, signal));
    }
  }

  /** Starts a machine of a publication; what comes of it is in the record. */
  start(
    { id }: DeploymentRecord,
    publication: PublicationRecord,
    instance: Dto<'Instance'> | undefined,
  ): void {
    this.#track(id, async (signal) => {
      const { store } = this.#init;
      const record = store.get(id);
      if (record === undefined || publication.cloudId === undefined) return;
      const { name } = record;
      const wanted = { ...{ name, instance, cloudId: publication.cloudId }, request: requestOf(publication) };
      const token = `appliance-forge-${publication.id}-${id}-${record.created.getTime()}`;
      // Not broken off: a machine of which nobody knows the id would run on.
      const whole = new AbortController().signal;
      const started = await this.#at(record, whole, (machines, context) =>
        machines.start(context, { ...wanted, token }),
      );
      store.started(id, started);
      await this.#follow(id, signal);
    });
  }

  /** Ends the machine, then forgets it. @throws {PlatformError} when the platform does not end it */
  async terminate(id: number): Promise<void> {
    const { store } = this.#init;
    const following = this.#following.get(id);
    following?.controller.abort('terminated');
    await following?.ended;
    const record = store.get(id);
    if (record === undefined) return;
    const { instance } = record;
    if (instance !== undefined) {
      await this.#at(record, AbortSignal.timeout(60_000), (machines, context) =>
        machines.terminate(context, requestOf({ request: record.request ?? '' }), instance),
      );
    }
    store.delete(id);
  }

  async stop(): Promise<void> {
    const all = [...this.#following.values()];
    for (const { controller } of all) controller.abort('stopped');
    await Promise.all(all.map(({ ended }) => ended));
  }

  #track(id: number, run: (signal: AbortSignal) => Promise<void>): void {
    const { store, onError } = this.#init;
    const controller = new AbortController();
    const ended = run(controller.signal)
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        store.fail(id, messageOf(error), error instanceof PlatformError ? error.detail : undefined);
        if (!(error instanceof PlatformError)) onError(error);
      })
      .finally(() => this.#following.delete(id));
    this.#following.set(id, { controller, ended });
  }

  async #follow(id: number, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#init;
    const deadline = clock.now() + patienceMs;
    for (;;) {
      const record = store.get(id);
      if (record?.instance === undefined) return;
      const { instance, request = '' } = record;
      const { state, address, message } = await this.#at(record, signal, (machines, context) =>
        machines.look(context, requestOf({ request }), instance),
      );
      if (state === 'running') {
        store.running(id, address);
        return;
      }
      if (state === 'gone')
        throw new PlatformError(`The machine ${instance} has ended. ${message ?? ''}`.trim());
      if (clock.now() > deadline) throw new PlatformError(`The machine ${instance} does not come up.`);
      await sleep(clock, pauseMs, signal);
    }
  }

  async #at<T>(
    { accountId, request = '' }: DeploymentRecord,
    signal: AbortSignal,
    act: (machines: Machines, context: PlatformContext) => Promise<T>,
  ): Promise<T> {
    const { publications, cloudAccounts } = this.#init;
    const name = platformOf(requestOf({ request }).$type ?? 'PublishImage');
    const { machines } = await publications.platform(name);
    if (machines === undefined) {
      throw new PlatformError(`The local forge starts no machines at ${name}. Start it there yourself.`);
    }
    const account = accountId === undefined ? undefined : cloudAccounts.withSecrets(accountId);
    if (account === undefined) {
      throw new PlatformError('The cloud account of the publication is not kept any more.');
    }
    return await publications.with(account, signal, (context) => act(machines, context));
  }
}
