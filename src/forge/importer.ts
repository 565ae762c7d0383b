import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ArchiveError, unpackTemplate, type UnpackedTemplate } from '../appliance/unpack.ts';
import { templateNames } from '../appliance/definitions.ts';
import { wipe } from './build/build.ts';
import type { Revisions } from './generation/revisions.ts';
import { sealTemplate } from './passwords.ts';
import type { DataFolder } from './paths.ts';
import { Refusal } from './refusal.ts';
import type { ApplianceContent, ApplianceRecord, ApplianceStore } from './store/applianceStore.ts';
import type { Database } from './store/database.ts';
import type { Quotas } from './users/quotas.ts';
import type { ImportRecord, ImportResult, ImportStore } from './store/importStore.ts';

export interface ImporterInit {
  readonly database: Database;
  readonly quotas: Quotas;
  readonly appliances: ApplianceStore;
  readonly imports: ImportStore;
  readonly revisions: Revisions;
  readonly data: DataFolder;
}

/** The server says so in the status, with a 201 (hammr issue 517). */
const duplicate = 'An appliance with the same name and version already exists';

/** Makes appliances out of template archives (`appliance_import`, `applianceImport_upload`). */
export class Importer {
  readonly #init: ImporterInit;

  constructor(init: ImporterInit) {
    this.#init = init;
  }

  /**
   * Takes the archive of an import. What is wrong with the archive ends in the import's status; only what is
   * wrong with the request is thrown.
   */
  async take(iid: number, archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    const { imports, revisions, data } = this.#init;
    const record = imports.get(iid);
    if (record === undefined || !imports.start(iid)) {
      throw new Refusal('ERROR.IMPORT.ALREADY_UPLOADED', `Import ${iid} has its archive already.`);
    }
    const folder = join(data.work, `import-${iid}-${randomUUID()}`);
    try {
      const meter = new Meter(archive);
      const unpacked = await unpackTemplate(meter.read(), folder, { signal });
      const upload = meter.finish();
      imports.uploaded(iid, upload);
      const result = this.#keep(record, folder, unpacked, upload);
      imports.finish(iid, result);
      if (result.applianceId !== undefined) await revisions.prune(result.applianceId);
    } catch (error) {
      imports.finish(iid, failed(error, signal));
      // A refusal of the bytes reaches us through whoever was reading them.
      const refusal = [error, error instanceof Error && error.cause].find((each) => each instanceof Refusal);
      if (refusal !== undefined) throw refusal;
    } finally {
      await wipe(folder);
    }
  }

  /** The appliance and its files come to be together, or not at all. */
  #keep(
    record: ImportRecord,
    folder: string,
    { template }: UnpackedTemplate,
    upload: { readonly size: number; readonly sha256: string },
  ): ImportResult {
    const { database, appliances, revisions } = this.#init;
    const { name, version, description, os } = template.stack;
    const existing = appliances.find(record.ownerId, name, version);
    if (existing !== undefined && !record.force) {
      return { state: 'failed', message: 'The import failed', errorMessage: duplicate };
    }
    const { ownerId } = record;
    const growth = upload.size - (existing?.archiveSize ?? 0);
    const overQuota =
      this.#init.quotas.problem(ownerId, 'diskusage', growth) ??
      (existing === undefined ? this.#init.quotas.problem(ownerId, 'appliance') : undefined);
    if (overQuota !== undefined) {
      return { state: 'failed', message: 'The import failed', errorMessage: overQuota };
    }
    const content: ApplianceContent = {
      name,
      version,
      templateFile: templateNames.find((file) => existsSync(join(folder, file))) ?? '',
      archiveSha256: upload.sha256,
      archiveSize: upload.size,
      description,
      distribution: `${os.name} ${os.version}`,
      arch: os.arch,
    };
    sealTemplate(folder, name, version);
    const made: ApplianceRecord = database.transaction(() => {
      const appliance = appliances.put(record.ownerId, content);
      revisions.store(appliance, folder);
      return appliance;
    });
    return { state: 'done', message: `Imported ${made.name} ${made.version}`, applianceId: made.id };
  }
}

function failed(error: unknown, signal: AbortSignal): ImportResult {
  const message = 'The import failed';
  if (signal.aborted) return { state: 'failed', message, errorMessage: 'The upload was broken off.' };
  if (error instanceof ArchiveError) {
    return {
      state: 'failed',
      message,
      errorMessage: error.message,
      ...(error.detail && { detail: error.detail }),
    };
  }
  const reason = isDiskFull(error)
    ? 'The disk is full.'
    : error instanceof Error
      ? error.message
      : String(error);
  return { state: 'failed', message, errorMessage: `The archive could not be stored: ${reason}` };
}

const sqliteFull = 13;

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || ('errcode' in error && error.errcode === sqliteFull);
}

/** Counts and hashes bytes on their way. */
class Meter {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #sha256 = createHash('sha256');
  readonly #md5 = createHash('md5');
  #size = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#source) {
      this.#size += chunk.byteLength;
      this.#sha256.update(chunk);
      this.#md5.update(chunk);
      yield chunk;
    }
  }

  finish(): { readonly size: number; readonly sha256: string; readonly md5: string } {
    return { size: this.#size, sha256: this.#sha256.digest('hex'), md5: this.#md5.digest('hex') };
  }
}
