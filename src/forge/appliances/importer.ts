import { createHash, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleArchive } from '../../appliance/archive/bundleArchive.ts';
import { ArchiveError, unpackTemplate } from '../../appliance/archive/unpackTemplate.ts';
import { wipe } from '../../builder/index.ts';
import { isDiskFull, systemSentence } from '../../uforge/systemError.ts';
import type { Revisions } from '../images/revisions.ts';
import { sealedText } from './storedPasswords.ts';
import type { DataFolder } from '../process/paths.ts';
import { sentence } from '../../uforge/language/sentence.ts';
import { Refusal } from '../api/refusal.ts';
import { readStored, removeUnused, writeStored, type StoredTemplate } from './parts/files.ts';
import { useMajorVersion } from './parts/majorVersion.ts';
import { reuseBundles, type KnownBundles } from './parts/reusedBundles.ts';
import type { Definitions } from './definitions.ts';
import type { ApplianceStore } from '../store/applianceStore.ts';
import type { ImportRecord, ImportResult, ImportStore } from '../store/importStore.ts';
import { messageOf } from '../../uforge/messageOf.ts';

export interface ImporterInit {
  readonly definitions: Definitions;
  readonly appliances: ApplianceStore;
  readonly imports: ImportStore;
  readonly revisions: Revisions;
  readonly data: DataFolder;
  readonly onError: (error: unknown) => void;
  /** The archives are of bundles, which become software of users' own; of templates unless given. */
  readonly isSoftware?: true;
}

/** The server says so in the status, with a 201 (hammr issue 517). */
const duplicate = (kind: string): string => `${kind} with the same name and version already exists`;

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
      throw new Refusal('ERROR.IMPORT.ALREADY_UPLOADED', sentence`Import ${iid} has its archive already.`);
    }
    const folder = join(data.work, `import-${iid}-${randomUUID()}`);
    try {
      const meter = new Meter(archive);
      let addedLines: readonly number[] | undefined;
      await unpackTemplate(meter.read(), folder, {
        signal,
        ...(this.#init.isSoftware && { kind: bundleArchive }),
        rewrite: async (text, language, { stack }) => {
          const sealed = await sealedText(text, language === 'json', [stack.name, stack.version]);
          addedLines = sealed.addedLines;
          return sealed.text;
        },
      });
      imports.uploaded(iid, meter.finish());
      const result = await this.#keep(record, folder, addedLines).catch(refused);
      imports.finish(iid, result);
      if (result.applianceId !== undefined) await revisions.prune(result.applianceId);
    } catch (error) {
      if (systemSentence(error) !== undefined && !isDiskFull(error)) this.#init.onError(error);
      imports.finish(iid, failed(error, signal));
      // A refusal of the bytes reaches us through whoever was reading them.
      const refusal = [error, error instanceof Error && error.cause].find((each) => each instanceof Refusal);
      if (refusal !== undefined) throw refusal;
    } finally {
      await wipe(folder);
    }
  }

  /** @param addedLines new in the template that was sent; undefined when it was written anew */
  async #keep(
    record: ImportRecord,
    folder: string,
    addedLines: readonly number[] | undefined,
  ): Promise<ImportResult> {
    const { appliances, definitions, isSoftware } = this.#init;
    const { ownerId, imported } = record;
    const { stored, notes, isSent } = record.reuseBundles
      ? await definitions.withBundles(ownerId, (known) => prepare(record, folder, known))
      : await prepare(record, folder, new Map());
    const { name, version } = stored.template.stack;
    const existing = appliances.find(ownerId, name, version);
    if (existing !== undefined && !record.force) {
      return {
        state: 'failed',
        message: 'The import failed',
        errorMessage: duplicate(isSoftware ? 'Software' : 'An appliance'),
      };
    }
    const made = await definitions.keep(
      folder,
      { ...stored, ...(isSent && { addedLines }) },
      existing ?? { ownerId },
      (content) => {
        const before = appliances.find(ownerId, name, version);
        return before !== undefined && record.force
          ? appliances.revise(before.id, content, imported)
          : appliances.create(ownerId, content, { imported });
      },
    );
    const message = [`Imported ${made.name} ${made.version}`, ...notes].join('; ');
    return { state: 'done', message, applianceId: made.id };
  }
}

/** Does to the unpacked template what the import's options ask for. */
async function prepare(
  { useMajor }: ImportRecord,
  folder: string,
  known: KnownBundles,
): Promise<{ stored: StoredTemplate; notes: readonly string[]; isSent: boolean }> {
  const stored = await readStored(folder);
  if (stored === undefined) throw new ArchiveError(sentence`The template can’t be read.`);
  const notes: string[] = [];
  const major = useMajor ? useMajorVersion(stored.template, notes) : stored.template;
  const template = await reuseBundles(major, folder, known, notes);
  if (template === stored.template) return { stored, notes, isSent: true };
  await rm(join(folder, stored.fileName));
  await removeUnused(folder, stored.template, template);
  const changed = { ...stored, template };
  const problems = await writeStored(folder, changed);
  if (problems.length > 0) throw new ArchiveError(sentence`The template has errors: ${problems.join(' ')}`);
  return { stored: changed, notes, isSent: false };
}

/** What the appliance may not be is told in the status, as all that is wrong with an archive. */
function refused(error: unknown): ImportResult {
  if (!(error instanceof Refusal)) throw error;
  return { state: 'failed', message: 'The import failed', errorMessage: error.message };
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
  const reason = systemSentence(error) ?? messageOf(error);
  return { state: 'failed', message, errorMessage: `The archive could not be stored: ${reason}` };
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
