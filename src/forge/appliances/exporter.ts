import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packFolder } from './repackFolder.ts';
import { printBundle } from '../../appliance/archive/bundleArchive.ts';
import { printTemplate, type TemplateLanguage } from '../../appliance/template/model/template.ts';
import { wipe } from '../../builder/index.ts';
import { isDiskFull, systemSentence } from '../../uforge/systemError.ts';
import { readStored } from './parts/files.ts';
import { whyUnreadable } from './parts/storedText.ts';
import type { Revisions } from '../images/revisions.ts';
import type { DataFolder } from '../process/paths.ts';
import type { ApplianceRecord } from '../store/applianceStore.ts';
import type { ExportRecord, ExportResult, ExportStore } from '../store/exportStore.ts';
import { messageOf } from '../../uforge/messageOf.ts';

export interface ExporterInit {
  readonly exports: ExportStore;
  readonly revisions: Revisions;
  readonly data: DataFolder;
  readonly onError: (error: unknown) => void;
  /** It is software of users' own, which goes as a bundle. */
  readonly isSoftware?: true;
}

interface Running {
  readonly controller: AbortController;
  /** Settles when nothing is written any more. */
  readonly ended: Promise<void>;
}

/** Packs appliances as archives that make the same appliance when they are imported (`appliance_export`). */
export class Exporter {
  readonly #init: ExporterInit;
  readonly #running = new Map<number, Running>();

  constructor(init: ExporterInit) {
    this.#init = init;
  }

  /** Exports the appliance as it is now, whatever is edited meanwhile. */
  start(appliance: ApplianceRecord, language: TemplateLanguage): ExportRecord {
    const { exports, revisions } = this.#init;
    const name = `${appliance.name}-${appliance.version}`.replace(/[^\p{L}\p{N}.+~-]+/gu, '_');
    const record = exports.create(appliance.id, language, `${name}.tar.gz`);
    const controller = new AbortController();
    const held = revisions.hold(appliance);
    const ended = this.#export(appliance, record, controller.signal).finally(() => {
      held[Symbol.dispose]();
      this.#running.delete(record.id);
    });
    this.#running.set(record.id, { controller, ended });
    return record;
  }

  /** Nothing of it stays but its record. @returns false when it was not going on */
  async cancel(eid: number): Promise<boolean> {
    const running = this.#running.get(eid);
    running?.controller.abort();
    await running?.ended;
    return running !== undefined;
  }

  async delete(eid: number): Promise<void> {
    await this.cancel(eid);
    await wipe(this.#init.data.export(eid));
    this.#init.exports.delete(eid);
  }

  /**
   * Before the first request: exports a stopped forge left in the middle, and what there is of their
   * archives.
   */
  async recover(): Promise<void> {
    const { exports, data } = this.#init;
    try {
      exports.failUnfinished('The forge was stopped during the export.');
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.#init.onError(error);
    }
    for (const name of await readdir(data.exports)) {
      const eid = Number(name.replace(/\.tar\.gz$/, ''));
      const state = exports.get(eid)?.state;
      if (state === 'failed' || state === 'cancelled') await wipe(join(data.exports, name));
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((eid) => this.cancel(eid)));
  }

  async #export(appliance: ApplianceRecord, record: ExportRecord, signal: AbortSignal): Promise<void> {
    const { exports, data, onError } = this.#init;
    const target = data.export(record.id);
    let result: ExportResult;
    try {
      result = await this.#pack(appliance, record.language, target, signal);
    } catch (error) {
      await wipe(target).catch(onError);
      const system = systemSentence(error);
      if (system !== undefined) onError(error);
      const reason = system ?? messageOf(error);
      result = signal.aborted
        ? { state: 'cancelled' }
        : { state: 'failed', errorMessage: `The appliance could not be packed: ${reason}` };
    }
    try {
      exports.finish(record.id, result);
    } catch (error) {
      onError(error);
    }
  }

  async #pack(
    appliance: ApplianceRecord,
    language: TemplateLanguage,
    target: string,
    signal: AbortSignal,
  ): Promise<ExportResult> {
    const folder = this.#init.data.appliance(appliance.id, appliance.revision);
    const stored = await readStored(folder);
    if (stored === undefined) throw new Error((await whyUnreadable(folder, appliance)).join(' '));
    // In its own language, a template keeps its comments.
    const { isSoftware } = this.#init;
    const text = isSoftware
      ? printBundle(stored.template, language)
      : stored.language === language
        ? await readFile(join(folder, stored.fileName), 'utf8')
        : printTemplate(stored.template, language);
    const name = `${isSoftware ? 'bundle' : 'template'}.${language === 'json' ? 'json' : 'yml'}`;
    await packFolder(folder, target, { except: [stored.fileName], text: { name, text }, signal });
    const { size } = await stat(target);
    const hash = createHash('sha256');
    await pipeline(createReadStream(target), hash, { signal });
    return { state: 'done', size, sha256: hash.digest('hex') };
  }
}
