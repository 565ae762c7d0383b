import type { Clock } from '../../uforge/clock.ts';
import type { Artifact, BuildProgress, InstalledPackage } from '../../builder/index.ts';
import type { Database } from './database.ts';
import { tellTicket, type UsageAction } from './usageStore.ts';
import { flag, integer, optionalInteger, optionalText, text, type Row } from './columns.ts';

export type TicketState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** The finished file, in the ticket's image folder. */
export type StoredFile = Omit<Artifact, 'path' | 'packages' | 'filesDir'>;

export interface TicketRecord {
  readonly id: number;
  readonly applianceId: number;
  /** The appliance's revision it is made from. */
  readonly revision: number;
  readonly targetFormat: string;
  /** The image as it was requested: a JSON document with the root `image`. */
  readonly request: string;
  /** The request had a root password, which was not kept: nothing can be built from it again. */
  readonly passwordForgotten: boolean;
  readonly state: TicketState;
  readonly percentage: number;
  readonly message: string;
  readonly bytesLoaded: number | undefined;
  readonly bytesTotal: number | undefined;
  readonly errorMessage: string | undefined;
  readonly detail: string | undefined;
  readonly created: Date;
  /** When its build began, after any waiting. */
  readonly started: Date | undefined;
  /** When its build should be done; undefined as long as nobody knows. */
  readonly eta: Date | undefined;
  readonly modified: Date;
  readonly file: StoredFile | undefined;
}

/** A generation of that appliance and format is under way: the database keeps it to one. */
export class AlreadyGenerating extends Error {
  override readonly name = 'AlreadyGenerating';
}

/** Nothing is built from the request any more: the password in it goes. */
const forgetPassword = `
  password_forgotten = json_extract(request, '$.image.installProfile.rootUser.password') IS NOT NULL,
  request = json_remove(request, '$.image.installProfile.rootUser.password')`;

/** The tickets' table: what moves on a ticket moves in one statement that says from which state it may. */
export class TicketStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  ofOwner(ownerId: number): TicketRecord[] {
    return this.#database
      .prepare(
        `SELECT ticket.* FROM ticket JOIN appliance ON appliance.id = ticket.appliance_id
         WHERE appliance.owner_id = ? ORDER BY ticket.id`,
      )
      .all(ownerId)
      .map(toRecord);
  }

  ofAppliance(applianceId: number): TicketRecord[] {
    return this.#database
      .prepare('SELECT * FROM ticket WHERE appliance_id = ? ORDER BY id')
      .all(applianceId)
      .map(toRecord);
  }

  inState(state: TicketState): TicketRecord[] {
    return this.#database
      .prepare('SELECT * FROM ticket WHERE state = ? ORDER BY id')
      .all(state)
      .map(toRecord);
  }

  get(id: number): TicketRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM ticket WHERE id = ?').get(id);
    return row && toRecord(row);
  }

  /** @throws {AlreadyGenerating} */
  create(ticket: Pick<TicketRecord, 'applianceId' | 'revision' | 'targetFormat' | 'request'>): TicketRecord {
    const now = this.#clock.now();
    const row = this.#database
      .returning(
        `INSERT INTO ticket (appliance_id, revision, target_format, request, state, percentage, message, created, modified)
         VALUES (?, ?, ?, ?, 'waiting', 0, 'Waiting', ?, ?)
         ON CONFLICT DO NOTHING RETURNING *`,
      )
      .get(ticket.applianceId, ticket.revision, ticket.targetFormat, ticket.request, now, now);
    if (row === undefined) throw new AlreadyGenerating(ticket.targetFormat);
    const record = toRecord(row);
    this.#tell(record.id, 'created');
    return record;
  }

  wait(id: number, message: string): void {
    this.#database
      .prepare(
        `UPDATE ticket SET message = ?, modified = ? WHERE id = ? AND state = 'waiting' AND message <> ?`,
      )
      .run(message, this.#clock.now(), id, message);
  }

  start(id: number, message: string): boolean {
    const { changes } = this.#database
      .prepare(
        `UPDATE ticket SET state = 'running', message = ?1, started = ?2, modified = ?2
         WHERE id = ?3 AND state = 'waiting'`,
      )
      .run(message, this.#clock.now(), id);
    return changes === 1;
  }

  /** The percentage never goes back, and 100 is for what is done. */
  progress(id: number, progress: BuildProgress): void {
    this.#database
      .prepare(
        `UPDATE ticket SET percentage = max(percentage, ?), message = ?, bytes_loaded = ?, bytes_total = ?,
           eta = ?, modified = ?
         WHERE id = ? AND state = 'running'`,
      )
      .run(
        Math.min(99, Math.max(0, Math.floor(progress.percentage))),
        progress.message,
        progress.bytesLoaded ?? null,
        progress.bytesTotal ?? null,
        progress.remainingMs === undefined ? null : this.#clock.now() + progress.remainingMs,
        this.#clock.now(),
        id,
      );
  }

  /** @param file none when it was simulated */
  finish(
    id: number,
    message: string,
    file: StoredFile | undefined,
    packages: readonly InstalledPackage[],
  ): void {
    this.#database.transaction(() => {
      const { changes } = this.#database
        .prepare(
          `UPDATE ticket SET state = 'done', percentage = 100, message = ?, bytes_loaded = NULL, bytes_total = NULL,
             ${forgetPassword}, modified = ?, file_name = ?, file_extension = ?, mime_type = ?, size = ?, sha256 = ?, md5 = ?
           WHERE id = ? AND state = 'running'`,
        )
        .run(
          message,
          this.#clock.now(),
          file?.fileName ?? null,
          file?.fileExtension ?? null,
          file?.mimeType ?? null,
          file?.size ?? null,
          file?.sha256 ?? null,
          file?.md5 ?? null,
          id,
        );
      if (changes === 1) this.#tell(id, 'success');
      const insert = this.#database.prepare(
        `INSERT INTO ticket_package (ticket_id, name, version, release, arch, size, profile) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      );
      for (const each of packages) {
        insert.run(
          id,
          each.name,
          each.version,
          each.release ?? null,
          each.arch,
          each.size ?? null,
          Number(each.profile),
        );
      }
    });
  }

  fail(id: number, message: string, errorMessage: string, detail: string): void {
    const { changes } = this.#database
      .prepare(
        `UPDATE ticket SET state = 'failed', message = ?, error_message = ?, detail = ?, bytes_loaded = NULL,
           bytes_total = NULL, ${forgetPassword}, modified = ?
         WHERE id = ? AND state IN ('waiting', 'running')`,
      )
      .run(message, errorMessage, detail === '' ? null : detail, this.#clock.now(), id);
    if (changes === 1) this.#tell(id, 'failed');
  }

  cancelled(id: number, message: string): void {
    const { changes } = this.#database
      .prepare(
        `UPDATE ticket SET state = 'cancelled', message = ?, bytes_loaded = NULL, bytes_total = NULL,
           ${forgetPassword}, modified = ?
         WHERE id = ? AND state IN ('waiting', 'running')`,
      )
      .run(message, this.#clock.now(), id);
    if (changes === 1) this.#tell(id, 'cancelled');
  }

  delete(id: number): void {
    this.#database.transaction(() => {
      this.#tell(id, 'deleted');
      this.#database.prepare('DELETE FROM ticket WHERE id = ?').run(id);
    });
  }

  downloaded(id: number): void {
    this.#tell(id, 'downloaded');
  }

  packages(id: number): InstalledPackage[] {
    return this.#database
      .prepare('SELECT * FROM ticket_package WHERE ticket_id = ? ORDER BY rowid')
      .all(id)
      .map(toPackage);
  }

  #tell(id: number, action: UsageAction): void {
    tellTicket(this.#database, this.#clock, id, action);
  }
}

function toRecord(row: Row): TicketRecord {
  const fileName = optionalText(row, 'file_name');
  const started = optionalInteger(row, 'started');
  const eta = optionalInteger(row, 'eta');
  return {
    id: integer(row, 'id'),
    applianceId: integer(row, 'appliance_id'),
    revision: integer(row, 'revision'),
    targetFormat: text(row, 'target_format'),
    request: text(row, 'request'),
    passwordForgotten: flag(row, 'password_forgotten'),
    state: toState(text(row, 'state')),
    percentage: integer(row, 'percentage'),
    message: text(row, 'message'),
    bytesLoaded: optionalInteger(row, 'bytes_loaded'),
    bytesTotal: optionalInteger(row, 'bytes_total'),
    errorMessage: optionalText(row, 'error_message'),
    detail: optionalText(row, 'detail'),
    created: new Date(integer(row, 'created')),
    started: started === undefined ? undefined : new Date(started),
    eta: eta === undefined ? undefined : new Date(eta),
    modified: new Date(integer(row, 'modified')),
    file:
      fileName === undefined
        ? undefined
        : {
            fileName,
            fileExtension: text(row, 'file_extension'),
            mimeType: text(row, 'mime_type'),
            size: integer(row, 'size'),
            sha256: text(row, 'sha256'),
            md5: text(row, 'md5'),
          },
  };
}

function toPackage(row: Row): InstalledPackage {
  const release = optionalText(row, 'release');
  const size = optionalInteger(row, 'size');
  return {
    name: text(row, 'name'),
    version: text(row, 'version'),
    arch: text(row, 'arch'),
    profile: flag(row, 'profile'),
    ...(release === undefined ? {} : { release }),
    ...(size === undefined ? {} : { size }),
  };
}

function toState(value: string): TicketState {
  switch (value) {
    case 'waiting':
    case 'running':
    case 'done':
    case 'failed':
    case 'cancelled':
      return value;
    default:
      throw new Error(`The database holds a ticket in the unknown state "${value}".`);
  }
}
