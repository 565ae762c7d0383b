import { rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../uforge/clock.ts';
import { Catalogue, wipe, type BuildFigure } from '../../builder/index.ts';
import { isDiskFull } from '../../uforge/systemError.ts';
import { Definitions } from '../appliances/definitions.ts';
import { DownloadKeys } from '../images/downloadKeys.ts';
import { FileDigests } from '../images/fileDigests.ts';
import { FileKeys } from '../images/fileKeys.ts';
import { Generations } from '../images/buildQueue.ts';
import { Revisions } from '../images/revisions.ts';
import { Exporter } from '../appliances/exporter.ts';
import { Importer } from '../appliances/importer.ts';
import { Software } from '../appliances/software.ts';
import type { DataFolder } from './paths.ts';
import { Deployments } from '../publishing/deployments.ts';
import { Publications } from '../publishing/publications.ts';
import type { Publisher } from '../publishing/publisher.ts';
import { PackageLists } from '../api/answers/package.ts';
import { sentence } from '../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../api/refusal.ts';
import { keepReserve } from '../store/diskReserve.ts';
import { ApiKeyStore } from '../store/apiKeyStore.ts';
import { ApplianceStore, type ApplianceRecord } from '../store/applianceStore.ts';
import { CloudAccountStore } from '../store/cloudAccountStore.ts';
import type { Database } from '../store/database.ts';
import { DeploymentStore } from '../store/deploymentStore.ts';
import { ExportStore } from '../store/exportStore.ts';
import { ImportStore } from '../store/importStore.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { PublicationStore } from '../store/publicationStore.ts';
import { TicketStore, type TicketRecord } from '../store/ticketStore.ts';
import { UsageStore } from '../store/usageStore.ts';
import { UserStore, type UserRecord } from '../store/userStore.ts';
import { Vault } from '../store/vault.ts';
import { Quotas } from '../accounts/quotas.ts';

export interface ForgeInit {
  readonly data: DataFolder;
  readonly cacheDir: string;
  /** Bytes the cache may take. */
  readonly cacheLimit?: number;
  /** Builds at the same time. */
  readonly concurrency?: number;
  readonly clock: Clock;
  readonly measured?: (figure: BuildFigure) => void;
  /** The forge's own unless given. */
  readonly publishers?: readonly Publisher[];
  /** An unexpected error that no request and no ticket can tell: for the forge's own log. */
  readonly onError: (error: unknown) => void;
}

/** What the routes work with: the stores, the queue, the keys, and what touches several of them. */
export class Forge implements AsyncDisposable {
  readonly data: DataFolder;
  readonly clock: Clock;
  readonly users: UserStore;
  readonly apiKeys: ApiKeyStore;
  readonly cloudAccounts: CloudAccountStore;
  readonly usage: UsageStore;
  readonly quotas: Quotas;
  readonly appliances: ApplianceStore;
  readonly imports: ImportStore;
  readonly tickets: TicketStore;
  readonly publicationStore: PublicationStore;
  readonly publications: Publications;
  readonly deploymentStore: DeploymentStore;
  readonly deployments: Deployments;
  readonly revisions: Revisions;
  readonly generations: Generations;
  readonly definitions: Definitions;
  readonly importer: Importer;
  readonly exports: ExportStore;
  readonly exporter: Exporter;
  /** Of users' own, outside of appliances. */
  readonly software: Software;
  readonly catalogue: Catalogue;
  readonly downloadKeys = new DownloadKeys();
  readonly fileKeys: FileKeys;
  readonly fileDigests = new FileDigests();
  readonly packageLists = new PackageLists();
  /** Of publications, by their ids. */
  readonly publicationKeys = new DownloadKeys();
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  #seen: { readonly revision: string; readonly at: Date } | undefined;

  constructor({ data, cacheDir, cacheLimit, concurrency, clock, measured, publishers, onError }: ForgeInit) {
    this.data = data;
    this.clock = clock;
    this.catalogue = new Catalogue(cacheDir);
    const database = openDatabase(data);
    this.#database = database;
    this.#onError = onError;
    const vault = Vault.open(data.vaultKey);
    this.users = new UserStore(database, clock);
    this.usage = new UsageStore(database, clock);
    this.quotas = new Quotas({ users: this.users, usage: this.usage, clock });
    this.fileKeys = new FileKeys(vault);
    this.apiKeys = new ApiKeyStore(database, vault, clock);
    this.cloudAccounts = new CloudAccountStore(database, vault, clock);
    this.appliances = new ApplianceStore(database, clock);
    this.imports = new ImportStore(database, clock);
    this.tickets = new TicketStore(database, clock);
    this.publicationStore = new PublicationStore(database, clock);
    this.deploymentStore = new DeploymentStore(database, clock);
    const { appliances, imports, tickets } = this;
    this.revisions = new Revisions({ data, appliances, tickets, onError });
    const { revisions } = this;
    this.generations = new Generations({
      tickets,
      revisions,
      data,
      cacheDir,
      ...(cacheLimit !== undefined && { cacheLimit }),
      ...(concurrency !== undefined && { concurrency }),
      ...(measured && { measured }),
      clock,
      onError,
      noRoomFor: (ticket, size) => {
        const ownerId = appliances.get(ticket.applianceId)?.ownerId;
        return ownerId === undefined
          ? undefined
          : this.quotas.problem(ownerId, 'diskusage', size)?.toString();
      },
    });
    this.publications = new Publications({
      store: this.publicationStore,
      tickets,
      appliances,
      cloudAccounts: this.cloudAccounts,
      data,
      clock,
      onError,
      ...(publishers && { publishers }),
    });
    this.deployments = new Deployments({
      store: this.deploymentStore,
      publications: this.publications,
      cloudAccounts: this.cloudAccounts,
      clock,
      onError,
    });
    const { quotas } = this;
    this.software = new Software({ database, clock, quotas, data, onError });
    const software = this.software.definitions;
    this.definitions = new Definitions({ database, quotas, appliances, revisions, data, software });
    const { definitions } = this;
    this.exports = new ExportStore(database, clock);
    this.exporter = new Exporter({ exports: this.exports, revisions, data, onError });
    this.importer = new Importer({ definitions, appliances, imports, revisions, data, onError });
  }

  /** Whether anything goes on that would end with the forge. */
  get isBusy(): boolean {
    return this.generations.isBusy || this.publications.isBusy || this.deployments.isBusy;
  }

  /** Another text whenever anything in the database has changed. */
  get revision(): string {
    return this.#database.revision;
  }

  /** Puts things in order after a forge that may have been killed. Call it before the first request. */
  async recover(): Promise<void> {
    await this.generations.recover();
    this.#ifThereIsRoom(() => this.publications.recover());
    this.#ifThereIsRoom(() => this.deployments.recover());
    this.#ifThereIsRoom(() => this.imports.failUnfinished('The forge was stopped during the import.'));
    await this.exporter.recover();
    await this.revisions.pruneAll();
    this.#ifThereIsRoom(() =>
      this.software.imports.failUnfinished('The forge was stopped during the import.'),
    );
    await this.software.recover();
    await this.#keepUnknown();
    keepReserve(this.data);
  }

  /** A disk that is too full to say what has ended keeps no forge from starting, which is how it is freed. */
  #ifThereIsRoom(say: () => void): void {
    try {
      say();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.#onError(error);
    }
  }

  /** What the database does not know stays where it is, and nothing new will lie in its place. */
  async #keepUnknown(): Promise<void> {
    const { images, logs, appliances, exports } = this.data;
    const places = [
      { folder: images, table: 'ticket', store: this.tickets },
      { folder: logs, table: 'ticket', store: this.tickets },
      { folder: appliances, table: 'appliance', store: this.appliances },
      { folder: exports, table: 'appliance_export', store: this.exports },
      { folder: this.software.data.appliances, table: 'software', store: this.software.store },
      { folder: this.software.data.exports, table: 'software_export', store: this.software.exports },
    ] as const;
    for (const { folder, table, store } of places) {
      const ids = (await readdir(folder)).map((name) =>
        Number(/^\d{1,15}(?=$|\.log$|\.tar\.gz$)/.exec(name)?.[0]),
      );
      const unknown = ids.filter((id) => id > 0 && store.get(id) === undefined);
      if (unknown.length > 0) {
        this.#ifThereIsRoom(() => this.#database.skipIds(table, Math.max(...unknown)));
      }
    }
  }

  /**
   * No answer made from the database now is older than this. It is when a change was first seen, which is
   * never before it was made.
   */
  get lastChanged(): Date {
    const { revision } = this;
    if (this.#seen?.revision !== revision) this.#seen = { revision, at: new Date(this.clock.now()) };
    return this.#seen.at;
  }

  /** @throws {Refusal} 404, also for the appliance of another user */
  appliance(owner: UserRecord, aid: string): ApplianceRecord {
    const found = this.appliances.get(idOf(aid));
    if (found?.ownerId !== owner.id) throw notFound(sentence`Appliance with id ${aid} not found.`, aid);
    return found;
  }

  /** @throws {Refusal} 404, also for the ticket of another appliance or user */
  ticket(owner: UserRecord, aid: string, itid: string): TicketRecord {
    const found = this.tickets.get(idOf(itid));
    if (found?.applianceId !== this.appliance(owner, aid).id)
      throw notFound(sentence`Image with id ${itid} not found.`, itid);
    return found;
  }

  /**
   * Ends the ticket's generation if it is going on, then forgets its file, its log and the ticket. First the
   * files go: on a full disk the database has no room before to say so. A forge that is killed meanwhile
   * still knows the ticket.
   */
  async deleteTicket(ticket: TicketRecord): Promise<void> {
    await this.generations.cancel(ticket.id);
    this.downloadKeys.forget(ticket.id);
    await wipe(this.data.image(ticket.id));
    rmSync(this.data.log(ticket.id), { force: true });
    this.tickets.delete(ticket.id);
  }

  /** With all its tickets. @throws {Refusal} 409 when one is going on, unless forced */
  async deleteAppliance(appliance: ApplianceRecord, force: boolean): Promise<void> {
    const tickets = this.tickets.ofAppliance(appliance.id);
    if (!force && tickets.some(({ state }) => state === 'waiting' || state === 'running')) {
      throw new Refusal(
        'ERROR.APPLIANCE.IN_USE',
        sentence`An image of “${appliance.name}” is being generated. Cancel it first, or delete with force.`,
        { parameters: [appliance.name] },
      );
    }
    // While one is cancelled another may come.
    for (;;) {
      const ticket = this.tickets.ofAppliance(appliance.id)[0];
      if (ticket === undefined) break;
      await this.deleteTicket(ticket);
    }
    for (const { id } of this.publicationStore.ofAppliance(appliance.id)) await this.publications.cancel(id);
    for (const { id } of this.exports.ofAppliance(appliance.id)) await this.exporter.delete(id);
    const folder = join(this.data.appliances, String(appliance.id));
    await wipe(folder);
    this.appliances.delete(appliance.id);
    // What an edit has put there in that very moment.
    await wipe(folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.deployments.stop();
    await this.publications.stop();
    await this.generations.stop();
    await this.exporter.stop();
    await this.software.exporter.stop();
    this.#database[Symbol.dispose]();
  }
}

/** Ids are whole numbers that SQLite can hold; anything else is just not there. */
export function idOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}
