import type { Clock } from '../../uforge/clock.ts';
import type { Artifact, BuildProgress, InstalledPackage } from '../../builder/index.ts';
import { date, flag, integer, oneOf, optional, text } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';
import { tellTicket, type UsageAction } from './usageStore.ts';

/** The finished file, in the ticket's image folder. */
export type StoredFile = Omit<Artifact, 'path' | 'packages' | 'filesDir'>;

const fileColumns = {
  fileName: optional(text),
  fileExtension: optional(text),
  mimeType: optional(text),
  size: optional(integer),
  sha256: optional(text),
  md5: optional(text),
};

const columns = {
  id: integer,
  applianceId: integer,
  /** The appliance's revision it is made from. */
  revision: integer,
  targetFormat: text,
  /** The image as it was requested: a JSON document with the root `image`. */
  request: text,
  /** The request had a root password, which was not kept: nothing can be built from it again. */
  passwordForgotten: flag,
  state: oneOf('waiting', 'running', 'done', 'failed', 'cancelled'),
  percentage: integer,
  message: text,
  bytesLoaded: optional(integer),
  bytesTotal: optional(integer),
  errorMessage: optional(text),
  detail: optional(text),
  created: date,
  /** When its build began, after any waiting. */
  started: optional(date),
  /** When its build should be done; undefined as long as nobody knows. */
  eta: optional(date),
  modified: date,
  ...fileColumns,
};

type Row = RowOf<typeof columns>;

export type TicketState = Row['state'];

export interface TicketRecord extends Omit<Row, keyof typeof fileColumns> {
  readonly file: StoredFile | undefined;
}

/** A generation of that appliance and format is under way: the database keeps it to one. */
export class AlreadyGenerating extends Error {
  override readonly name = 'AlreadyGenerating';
}

const ifWaiting = { where: "state = 'waiting'" };
const ifRunning = { where: "state = 'running'" };

/** Nothing is built from the request any more: the password in it goes. */
const forgetPassword = [
  "password_forgotten = json_extract(request, '$.image.installProfile.rootUser.password') IS NOT NULL",
  "request = json_remove(request, '$.image.installProfile.rootUser.password')",
];

/** Nothing is loaded any more. */
const still = { bytesLoaded: undefined, bytesTotal: undefined };

/** The percentage never goes back, and 100 is for what is done. */
export function shownPercentage(before: { readonly percentage: number } | undefined, now: number): number {
  return Math.max(before?.percentage ?? 0, Math.min(99, Math.floor(now)));
}

/** The tickets' table: what moves on a ticket moves in one statement that says from which state it may. */
export class TicketStore extends Table<typeof columns, TicketRecord> {
  readonly #packages: PackageTable;

  constructor(database: Database, clock: Clock) {
    super(database, clock, 'ticket', columns);
    this.#packages = new PackageTable(database, clock, 'ticket_package', packageColumns);
  }

  ofOwner(ownerId: number): TicketRecord[] {
    return this.where('appliance_id IN (SELECT id FROM appliance WHERE owner_id = ?)', ownerId);
  }

  ofAppliance(applianceId: number): TicketRecord[] {
    return this.where('appliance_id = ?', applianceId);
  }

  inState(state: TicketState): TicketRecord[] {
    return this.where('state = ?', state);
  }

  /** How many there are, by state and target format. */
  counts(): { readonly state: string; readonly format: string; readonly count: number }[] {
    const counted =
      'SELECT state, target_format AS format, COUNT(*) AS count FROM ticket GROUP BY state, target_format';
    return this.database
      .prepare(counted)
      .all()
      .map(({ state, format, count }) => ({
        ...{ state: String(state), format: String(format), count: Number(count) },
      }));
  }

  /** @throws {AlreadyGenerating} */
  create(ticket: Pick<TicketRecord, 'applianceId' | 'revision' | 'targetFormat' | 'request'>): TicketRecord {
    const record = this.insertNew({ ...ticket, state: 'waiting', percentage: 0, message: 'Waiting' });
    if (record === undefined) throw new AlreadyGenerating(ticket.targetFormat);
    this.#tell(record.id, 'created');
    return record;
  }

  wait(id: number, message: string): void {
    if (this.get(id)?.message !== message) this.update(id, { message }, ifWaiting);
  }

  start(id: number, message: string): boolean {
    const started = new Date(this.clock.now());
    return this.update(id, { state: 'running', message, started, modified: started }, ifWaiting);
  }

  progress(id: number, { percentage, message, bytesLoaded, bytesTotal, remainingMs }: BuildProgress): void {
    const eta = remainingMs === undefined ? undefined : new Date(this.clock.now() + remainingMs);
    const shown = shownPercentage(this.get(id), percentage);
    this.update(id, { percentage: shown, message, bytesLoaded, bytesTotal, eta }, ifRunning);
  }

  /** @param file none when it was simulated */
  finish(
    id: number,
    message: string,
    file: StoredFile | undefined,
    packages: readonly InstalledPackage[],
  ): void {
    this.database.transaction(() => {
      const change = { state: 'done', percentage: 100, message, ...still, ...file } as const;
      if (this.update(id, change, { ...ifRunning, set: forgetPassword })) this.#tell(id, 'success');
      for (const each of packages) this.#packages.add(id, each);
    });
  }

  fail(id: number, message: string, errorMessage: string, detail: string): void {
    this.#end(id, 'failed', { message, errorMessage, detail: detail === '' ? undefined : detail });
  }

  cancelled(id: number, message: string): void {
    this.#end(id, 'cancelled', { message });
  }

  override delete(id: number): void {
    this.database.transaction(() => {
      this.#tell(id, 'deleted');
      super.delete(id);
    });
  }

  downloaded(id: number): void {
    this.#tell(id, 'downloaded');
  }

  packages(id: number): InstalledPackage[] {
    return this.#packages.ofTicket(id);
  }

  protected override toRecord(row: Row): TicketRecord {
    const { fileName, fileExtension = '', mimeType = '', size = 0, sha256 = '', md5 = '' } = row;
    const isThere = fileName !== undefined;
    return { ...row, file: isThere ? { fileName, fileExtension, mimeType, size, sha256, md5 } : undefined };
  }

  #end(id: number, state: 'failed' | 'cancelled', why: Partial<Row>): void {
    const where = "state IN ('waiting', 'running')";
    const isEnded = this.update(id, { state, ...why, ...still }, { where, set: forgetPassword });
    if (isEnded) this.#tell(id, state);
  }

  #tell(id: number, action: UsageAction): void {
    tellTicket(this.database, this.clock, id, action);
  }
}

const packageColumns = {
  ticketId: integer,
  name: text,
  version: text,
  release: optional(text),
  arch: text,
  size: optional(integer),
  profile: flag,
};

class PackageTable extends Table<typeof packageColumns, InstalledPackage> {
  ofTicket(id: number): InstalledPackage[] {
    return this.where('ticket_id = ?', id);
  }

  add(ticketId: number, installed: InstalledPackage): void {
    this.insert({ ticketId, ...installed });
  }

  protected override toRecord(row: RowOf<typeof packageColumns>): InstalledPackage {
    const { name, version, release, arch, size, profile } = row;
    return {
      ...{ name, version, arch, profile },
      ...(release !== undefined && { release }),
      ...(size !== undefined && { size }),
    };
  }
}
