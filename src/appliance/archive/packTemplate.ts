import { createHash } from 'node:crypto';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { archivedText } from './archivedText.ts';
import { isRemote, layOutArchive, type ArchivedSource } from './layout.ts';
import { DefinitionError } from '../text/definitionError.ts';
import {
  followed,
  namedSources,
  outsideProblem,
  outsideSources,
  type MayPackOutside,
  type OutsideSource,
} from './outsideSources.ts';
import { beginning, hasErrors, told, type Finding, type Problem, type Range } from '../text/problem.ts';
import { readDefinition, readRegularFile, UnreadableFile } from '../find/readRegularFile.ts';
import { ourKeysIn, withoutKeys, type OurKey } from '../template/model/ourKeys.ts';
import type { Template, TemplateLanguage } from '../template/model/template.ts';
import { parseTemplate, type ParsedTemplate } from '../template/parseTemplate.ts';
import { templateLanguageOf } from '../find/definitions.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';

/** A template and the files it names, as UForge's appliance import takes them. */
export interface TemplateArchive {
  /** A gzip tar. */
  readonly bytes: Uint8Array;
  /**
   * SHA-256 of what is inside, in hexadecimal: the same files give the same digest, whenever and wherever
   * packed.
   */
  readonly digest: string;
  /** Name and version of the appliance. */
  readonly name: string;
  readonly version: string;
  /** The keys of ours that it has, where they are in the file. */
  readonly ourKeys: readonly FoundKey[];
  /** The same archive, with a template that does not have these keys. */
  without(keys: readonly FoundKey[]): Promise<Uint8Array>;
  readonly file: string;
  /** The template as read from the file, sources as they are there. */
  readonly template: Template;
  /** Warnings. */
  readonly problems: readonly Problem[];
}

export interface FoundKey extends OurKey {
  readonly range: Range;
}

/** The template names files outside its folder, and nobody has allowed that. Nothing of them was read. */
export class OutsideSourcesRefused extends DefinitionError {
  readonly outside: readonly OutsideSource[];

  constructor(templateFile: string, outside: readonly OutsideSource[]) {
    super(
      templateFile,
      outside.map((each) => outsideProblem(each, 'error')),
    );
    this.outside = outside;
  }
}

/** Most that goes into an archive: it is made in memory. */
const maxBytes = 512 * 1024 * 1024;

interface Entry {
  readonly name: string;
  /** On this computer: one file may be named twice. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/** A template without errors, read once: it is asked about and packed without being read again. */
export interface ReadTemplate {
  readonly file: string;
  readonly text: string;
  readonly language: TemplateLanguage;
  readonly parsed: ParsedTemplate & { readonly template: Template };
}

/** @throws {DefinitionError} when it has errors */
export function readTemplate(file: string, content: string): ReadTemplate {
  const language = templateLanguageOf(file);
  if (language === undefined) throw new DefinitionError(file, [unknownExtension]);
  const text = content.replace(/^\uFEFF/, '');
  const parsed = parseTemplate(text, language);
  const { template } = parsed;
  if (template === undefined) throw new DefinitionError(file, parsed.findings);
  return { file, text, language, parsed: { ...parsed, template } };
}

export interface PackOptions {
  /** Asked when the template names files outside its folder. Without it: no. */
  readonly mayPackOutside?: MayPackOutside | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Packs a template, which is read unless it has been, with everything it names.
 * @throws {OutsideSourcesRefused} when it names files outside its folder that must not go along
 * @throws {DefinitionError} when the template has errors or a file it names can't be packed
 * @throws {UnreadableFile} when the template itself can't be read
 */
export async function packTemplate(
  source: string | ReadTemplate,
  { mayPackOutside, signal }: PackOptions = {},
): Promise<TemplateArchive> {
  const read = typeof source === 'string' ? readTemplate(source, await readDefinition(source)) : source;
  const { file: templateFile, text, language, parsed } = read;
  const fail = (findings: readonly Finding[]): never => {
    throw new DefinitionError(templateFile, findings);
  };
  const outside = await followed(await outsideSources(templateFile, namedSources(parsed)));
  if (outside.length > 0 && !((await mayPackOutside?.(outside)) ?? false)) {
    throw new OutsideSourcesRefused(templateFile, outside);
  }

  const layout = layOutArchive(parsed.template);
  const findings: Finding[] = [...parsed.findings];
  const entries: Entry[] = [];
  const taken = new Map<string, string>();
  let total = 0;
  for (const source of layout.sources) {
    const refuse = (message: Sentence, code: string): void => {
      findings.push({ message, severity: 'error', range: parsed.rangeAt(source.at), code });
    };
    try {
      for await (const entry of readSource(source, dirname(templateFile), refuse)) {
        signal?.throwIfAborted();
        const other = taken.get(entry.name);
        if (other === entry.path) continue;
        if (other !== undefined) {
          refuse(
            sentence`Two files would be “${entry.name}” in the archive. Rename one of them.`,
            'duplicate',
          );
          break;
        }
        taken.set(entry.name, entry.path);
        total += entry.bytes.length;
        if (total > maxBytes) return fail([tooLarge]);
        entries.push(entry);
      }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      refuse(error.said, 'unreadable-file');
    }
  }
  if (hasErrors(findings)) fail(findings);

  const tarWith = (gone: readonly FoundKey[]): Promise<Buffer> => {
    const template = gone.length === 0 ? layout.template : withoutKeys(layout.template, gone);
    const archived = archivedText(text, language, parsed, { ...layout, template });
    const name = language === 'json' ? 'template.json' : 'template.yml';
    return tarOf([...entries, { name, path: templateFile, mode: 0o644, bytes: Buffer.from(archived) }]);
  };
  const tar = await tarWith([]);
  return {
    file: templateFile,
    ourKeys: ourKeysIn(parsed.template).map((key) => ({ ...key, range: parsed.rangeAt(key.path) })),
    without: async (gone) => promisify(gzip)(await tarWith(gone)),
    bytes: await promisify(gzip)(tar),
    digest: createHash('sha256').update(tar).digest('hex'),
    name: parsed.template.stack.name,
    version: parsed.template.stack.version,
    template: parsed.template,
    problems: told(findings),
  };
}

/** The files behind one source: itself, or everything below it. */
async function* readSource(
  { source, archivePath, optional }: ArchivedSource,
  folder: string,
  refuse: (message: Sentence, code: string) => void,
): AsyncGenerator<Entry> {
  if (isRemote(source)) {
    refuse(
      sentence`“${source}” is an address. Download the file and name it here by its path.`,
      'remote-source',
    );
    return;
  }
  const path = resolve(folder, source);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined && optional) return;
  if (found === undefined)
    refuse(sentence`There is no file ${path}. Create it or correct the path.`, 'missing-file');
  else if (found.isFile()) yield await entryOf(path, archivePath, found.mode);
  else if (found.isDirectory()) yield* readFolder(path, archivePath, refuse);
  else refuse(sentence`${path} is neither a file nor a folder.`, 'missing-file');
}

async function* readFolder(
  folder: string,
  archivePath: string,
  refuse: (message: Sentence, code: string) => void,
): AsyncGenerator<Entry> {
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const found = await lstat(path);
    if (found.isFile()) yield await entryOf(path, `${archivePath}/${name}`, found.mode);
    else if (found.isDirectory()) yield* readFolder(path, `${archivePath}/${name}`, refuse);
    else
      refuse(
        sentence`${basename(path)} in ${folder} is a link or a device: archives carry files only.`,
        'link',
      );
  }
}

async function entryOf(path: string, name: string, mode: number): Promise<Entry> {
  // Only what a checkout preserves: whether it can be executed.
  const bytes = await readRegularFile(path, maxBytes);
  return { name, path, mode: (mode & 0o111) === 0 ? 0o644 : 0o755, bytes };
}

/** Sorted, without dates or owners: the same files always make the same bytes. */
async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, mode, bytes } of sorted) {
    tar.entry({ name, mode, mtime: new Date(0), uid: 0, gid: 0, type: 'file' }, Buffer.from(bytes));
  }
  tar.finalize();
  return buffer(tar);
}

const unknownExtension: Finding = {
  message: sentence`A template ends in .yml, .yaml or .json. Rename it.`,
  severity: 'error',
  range: beginning,
  code: 'unknown-extension',
};

const tooLarge: Finding = {
  message: sentence`The template and its files are larger than 512 MB.`,
  severity: 'error',
  range: beginning,
  code: 'too-large',
};
