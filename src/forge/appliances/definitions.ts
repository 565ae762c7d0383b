import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../../appliance/template/model/template.ts';
import { wipe } from '../../builder/index.ts';
import {
  linkFolder,
  missingSources,
  removeUnused,
  readStored,
  sizeOfFolder,
  writeStored,
  type StoredTemplate,
} from './parts/files.ts';
import type { Problems } from './parts/dtoFields.ts';
import { unreadableTemplate } from './parts/storedText.ts';
import type { KnownBundle, KnownBundles } from './parts/reusedBundles.ts';
import { idOfBundle } from './parts/software.ts';
import type { Revisions } from '../images/revisions.ts';
import type { DataFolder } from '../process/paths.ts';
import { joined, sentence, type Sentence } from '../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../api/refusal.ts';
import {
  ApplianceExists,
  type ApplianceContent,
  type ApplianceRecord,
  type ApplianceStore,
} from '../store/applianceStore.ts';
import type { Database } from '../store/database.ts';
import type { Quotas } from '../accounts/quotas.ts';

export interface DefinitionsInit {
  readonly database: Database;
  readonly quotas: Quotas;
  readonly appliances: ApplianceStore;
  readonly revisions: Revisions;
  readonly data: DataFolder;
  /** They define software of users' own, which no quota counts; otherwise appliances. */
  readonly isSoftware?: true;
  /** Where else bundles are that an appliance may take. */
  readonly software?: Definitions;
}

/** An appliance with its definition, as of one revision. */
export interface Defined {
  readonly record: ApplianceRecord;
  readonly template: Template;
}

/**
 * What an edit does to the files, in the folder of the new revision. @returns the template as it shall be
 * with them
 */
export type FileEdit = (folder: string, template: Template) => Promise<Template>;

/**
 * The templates that define the appliances. Every edit makes a new revision with its own files, whole or not
 * at all, so what is being built from an older one goes on undisturbed.
 */
export class Definitions {
  readonly #init: DefinitionsInit;
  /** The templates of the appliances that are listed again and again. */
  readonly #seen = new Map<number, { readonly revision: number; readonly template: Template }>();

  constructor(init: DefinitionsInit) {
    this.#init = init;
  }

  /** @throws {Refusal} 409 when its template can't be read any more */
  async read(record: ApplianceRecord): Promise<Template> {
    using _held = this.#init.revisions.hold(record);
    return (await this.#stored(record)).template;
  }

  /**
   * As `read`, of what may not be there: undefined then. Not read again as long as it is the same revision.
   */
  async peek(record: ApplianceRecord): Promise<Template | undefined> {
    const seen = this.#seen.get(record.id);
    if (seen?.revision === record.revision) return seen.template;
    const template = (await readStored(this.#folderOf(record)))?.template;
    if (template !== undefined) this.#seen.set(record.id, { revision: record.revision, template });
    return template;
  }

  /** Makes an appliance of a template. @throws {Refusal} 400, 403 beyond a quota, 409 */
  async create(ownerId: number, template: Template, files?: FileEdit): Promise<Defined> {
    return await this.#inFolder(async (folder) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const after = (await files?.(folder, template)) ?? template;
      const stored: StoredTemplate = { template: after, fileName: 'template.yml', language: 'yaml' };
      await write(folder, stored);
      const record = await this.keep(folder, stored, { ownerId }, (content) =>
        this.#init.appliances.create(ownerId, content, { imported: false }),
      );
      return { record, template: after };
    });
  }

  /** Makes an appliance with the files of another one. @throws {Refusal} 400, 409 */
  async clone(from: ApplianceRecord, change: (template: Template) => Template): Promise<Defined> {
    using _held = this.#init.revisions.hold(from);
    const stored = await this.#stored(from);
    const changed = { ...stored, template: change(stored.template) };
    return await this.#inFolder(async (folder) => {
      await linkFolder(this.#folderOf(from), folder, [stored.fileName]);
      await write(folder, changed);
      const origin = { imported: from.imported, parentId: from.id };
      const record = await this.keep(folder, changed, { ownerId: from.ownerId }, (content) =>
        this.#init.appliances.create(from.ownerId, content, origin),
      );
      return { record, template: changed.template };
    });
  }

  /**
   * Makes the appliance's next revision; none when nothing has changed. `files` says what is to be done to
   * its files, if anything.
   * @throws {Refusal} 400 with everything the template can't say, 404, 409
   */
  async edit(
    aid: number,
    change: (template: Template, problems: Problems) => Template,
    files?: (template: Template, problems: Problems) => FileEdit | undefined,
  ): Promise<Defined> {
    for (;;) {
      const before = this.#init.appliances.get(aid);
      if (before === undefined) throw notFound(sentence`Appliance with id ${aid} not found.`, String(aid));
      const after = await this.#tryEdit(before, change, files);
      if (after === undefined) continue;
      if (after.record.revision !== before.revision) await this.#init.revisions.prune(aid);
      return after;
    }
  }

  /** @returns undefined when somebody else has edited the appliance meanwhile */
  async #tryEdit(
    before: ApplianceRecord,
    change: (template: Template, problems: Problems) => Template,
    chooseFiles: ((template: Template, problems: Problems) => FileEdit | undefined) | undefined,
  ): Promise<Defined | undefined> {
    const { appliances, revisions } = this.#init;
    using _held = revisions.hold(before);
    const stored = await this.#stored(before);
    const problems: Problems = [];
    const template = change(stored.template, problems);
    const files = chooseFiles?.(stored.template, problems);
    checkProblems(problems);
    if (files === undefined && JSON.stringify(template) === JSON.stringify(stored.template)) {
      return { record: before, template };
    }
    let after = template;
    const record = await this.#inFolder(async (folder) => {
      await linkFolder(this.#folderOf(before), folder, [stored.fileName]);
      after = (await files?.(folder, template)) ?? template;
      await removeUnused(folder, stored.template, after);
      const changed = { ...stored, template: after };
      await write(folder, changed);
      return await this.keep(folder, changed, before, (content) =>
        appliances.get(before.id)?.revision === before.revision
          ? appliances.revise(before.id, content)
          : undefined,
      );
    });
    if (record === undefined) return undefined;
    return { record, template: after };
  }

  /**
   * The appliance and its files come to be together, or not at all. The folder is moved to its place.
   * @param stored with hashes for passwords; `addedLines`: its template is the text that somebody sent, but
   * for these
   * @param before the appliance this is a revision of, or just the owner of a new one
   */
  async keep<R extends ApplianceRecord | undefined>(
    folder: string,
    stored: Pick<StoredTemplate, 'template' | 'fileName'> & Pick<ApplianceContent, 'addedLines'>,
    before: { readonly ownerId: number; readonly archiveSize?: number },
    store: (content: ApplianceContent) => R,
  ): Promise<R> {
    const { fileName, addedLines } = stored;
    const { stack } = stored.template;
    const content: ApplianceContent = {
      addedLines,
      name: stack.name,
      version: stack.version,
      templateFile: fileName,
      archiveSize: await sizeOfFolder(folder),
      description: stack.description,
      distribution: `${stack.os.name} ${stack.os.version}`,
      arch: stack.os.arch,
    };
    this.#checkQuotas(before, content);
    try {
      return this.#init.database.transaction(() => {
        const record = store(content);
        if (record !== undefined) this.#init.revisions.store(record, folder);
        return record;
      });
    } catch (error) {
      if (!(error instanceof ApplianceExists)) throw error;
      throw new Refusal(
        'ERROR.APPLIANCE.EXISTS',
        this.#init.isSoftware
          ? sentence`There is software “${stack.name}” ${stack.version} already. Give this one another name or version.`
          : sentence`There is an appliance “${stack.name}” ${stack.version} already. Give this one another name or version.`,
        { parameters: [stack.name, stack.version], cause: error },
      );
    }
  }

  /**
   * Uses the user's own software and the bundles of all the user's appliances, whose files stay where they are
   * meanwhile. Of two with the same name and version it is the user's own, else the younger appliance's.
   */
  async withBundles<T>(ownerId: number, use: (known: KnownBundles) => Promise<T>): Promise<T> {
    using held = new DisposableStack();
    const known = new Map<number, KnownBundle>();
    const { software } = this.#init;
    await this.#addBundles(ownerId, known, held);
    if (software !== undefined) await software.#addBundles(ownerId, known, held);
    return await use(known);
  }

  async #addBundles(ownerId: number, known: Map<number, KnownBundle>, held: DisposableStack): Promise<void> {
    const { appliances, revisions, isSoftware } = this.#init;
    for (const record of appliances.ofOwner(ownerId)) {
      held.use(revisions.hold(record));
      const folder = this.#folderOf(record);
      const bundles = (await readStored(folder))?.template.stack.bundles ?? [];
      for (const bundle of bundles) {
        known.set(idOfBundle(bundle), { bundle, folder });
        if (isSoftware) known.set(record.id, { bundle, folder });
      }
    }
  }

  /** @throws {Refusal} 400 when a file is not there that the template names, whatever is made of it */
  async checkComplete(record: ApplianceRecord, template: Template): Promise<void> {
    const incomplete = await this.incomplete(record, template, []);
    if (incomplete !== undefined) throw incomplete;
  }

  /** That a file is not there which images of these target formats need; undefined when all are. */
  async incomplete(
    record: ApplianceRecord,
    template: Template,
    formats: readonly string[],
  ): Promise<Refusal | undefined> {
    const missing = await missingSources(this.#folderOf(record), template, formats);
    if (missing.length === 0) return undefined;
    return new Refusal(
      'ERROR.APPLIANCE.INCOMPLETE',
      sentence`The appliance “${record.name}” lacks ${missing.join(', ')}. Upload the file (applianceBootScript_upload), or delete what names it.`,
      { parameters: missing },
    );
  }

  #checkQuotas(
    { ownerId, archiveSize }: { readonly ownerId: number; readonly archiveSize?: number },
    content: ApplianceContent,
  ): void {
    const { quotas } = this.#init;
    const growth = content.archiveSize - (archiveSize ?? 0);
    if (growth > 0) quotas.check(ownerId, 'diskusage', growth);
    if (archiveSize === undefined && !this.#init.isSoftware) quotas.check(ownerId, 'appliance');
  }

  #folderOf({ id, revision }: ApplianceRecord): string {
    return this.#init.data.appliance(id, revision);
  }

  async #stored(record: ApplianceRecord): Promise<StoredTemplate> {
    const stored = await readStored(this.#folderOf(record));
    if (stored !== undefined) return stored;
    throw await unreadableTemplate(record, this.#folderOf(record));
  }

  /** A folder of its own that is gone afterwards, unless it has been moved to its place. */
  async #inFolder<R>(work: (folder: string) => Promise<R>): Promise<R> {
    const folder = join(this.#init.data.work, `edit-${randomUUID()}`);
    try {
      return await work(folder);
    } finally {
      await wipe(folder);
    }
  }
}

async function write(folder: string, stored: StoredTemplate): Promise<void> {
  checkProblems(await writeStored(folder, stored));
}

/** @throws {Refusal} 400 that names them all */
export function checkProblems(problems: readonly (string | Sentence)[]): void {
  if (problems.length === 0) return;
  // What the parser says ends with a full stop of its own.
  const parts = problems.map((each) => (typeof each === 'string' ? each.replace(/\.$/, '') : each));
  throw new Refusal('ERROR.APPLIANCE.DEFINITION', sentence`This can't be kept: ${joined(parts, '; ')}.`, {
    parameters: problems.map(String),
  });
}
