import { createHash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { archivedText } from './archivedText.ts';
import { bootScriptProblems } from './bootScriptText.ts';
import { formatsOf, isNeeded, isRemote, layOutArchive, type ArchivedSource } from './layout.ts';
import { linkProblem } from './links.ts';
import { lookAtSource } from './missingSources.ts';
import { DefinitionError } from '../text/definitionError.ts';
import {
  followed,
  located,
  namedSources,
  outsideProblem,
  outsideSources,
  type MayPackOutside,
  type OutsideSource,
} from './outsideSources.ts';
import { beginning, hasErrors, told, type Finding, type Problem, type Range } from '../text/problem.ts';
import { readDefinition, regularFileBytes, UnreadableFile } from '../find/readRegularFile.ts';
import { ourKeysIn, withoutKeys, type OurKey } from '../template/model/ourKeys.ts';
import type { Template, TemplateLanguage } from '../template/model/template.ts';
import { parseTemplate, type ParsedTemplate } from '../template/parseTemplate.ts';
import { templateLanguageOf } from '../find/definitions.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';
import { writeEntry } from './writeTar.ts';

/** A template and the files it names, as UForge's appliance import takes them. */
export interface TemplateArchive {
  /**
   * A gzip tar, made as it is read. Reading throws `UnreadableFile` when a file has changed since the digest was taken:
   * what is sent is what was announced, or it is broken off. For a server that does not know some keys it is without
   * them.
   */
  readonly content: (without?: readonly FoundKey[]) => AsyncIterable<Uint8Array>;
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
  readonly file: string;
  /** The template as read from the file, sources as they are there. */
  readonly template: Template;
  /** Warnings. */
  readonly problems: readonly Problem[];
}

interface FoundKey extends OurKey {
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

/** Most that goes into an archive. */
const maxBytes = 512 * 1024 * 1024;

interface Entry {
  readonly name: string;
  /** On this computer: one file may be named twice. */
  readonly path: string;
  readonly content:
    | { readonly type: 'file'; readonly mode: number; readonly size: number; readonly text?: Buffer }
    /** One with nothing in it; others are there by what is in them. */
    | { readonly type: 'directory' }
    | { readonly type: 'symlink'; readonly linkname: string };
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
  /** Gives the file behind an address, on this computer. Without it: addresses are refused. */
  readonly fetchSource?: ((address: string, signal?: AbortSignal) => Promise<string>) | undefined;
  /** Where relative sources are looked for that are not beside the template. Without it: nowhere. */
  readonly workingFolder?: string | undefined;
  /** The target formats of the images that are to be made of it; the builders’ unless given. */
  readonly formats?: readonly string[] | undefined;
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
  { mayPackOutside, fetchSource, workingFolder, formats, signal }: PackOptions = {},
): Promise<TemplateArchive> {
  const read = typeof source === 'string' ? readTemplate(source, await readDefinition(source)) : source;
  const { file: templateFile, text, language, parsed } = read;
  const fail = (findings: readonly Finding[]): never => {
    throw new DefinitionError(templateFile, findings);
  };
  const sources = await located(templateFile, namedSources(parsed), workingFolder);
  const outside = await followed(await outsideSources(templateFile, sources));
  if (outside.length > 0 && !((await mayPackOutside?.(outside)) ?? false)) {
    throw new OutsideSourcesRefused(templateFile, outside);
  }

  const layout = layOutArchive(parsed.template);
  const scriptFindings = await bootScriptProblems(templateFile, sources);
  const findings: Finding[] = [...parsed.findings, ...scriptFindings];
  const pathOf = new Map(sources.map(({ source, path }) => [source, path]));
  const entries: Entry[] = [];
  const taken = new Map<string, string>();
  let total = 0;
  for (const source of layout.sources) {
    const isOptional = !isNeeded(source, formats ?? formatsOf(parsed.template));
    const refuse = (message: Sentence, code: string): void => {
      findings.push({ message, severity: 'error', range: parsed.rangeAt(source.at), code });
    };
    try {
      const path =
        isRemote(source.source) && fetchSource !== undefined
          ? await fetchSource(source.source, signal)
          : (pathOf.get(source.source) ?? source.source);
      for await (const entry of readSource(
        { ...source, path, isOptional },
        refuse,
        fetchSource !== undefined,
      )) {
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
        if (entry.content.type === 'file' && entry.content.size > maxBytes)
          throw new UnreadableFile(sentence`${entry.path} is larger than ${maxBytes / 1024 ** 2} MB.`);
        if (entry.content.type === 'file') total += entry.content.size;
        if (total > maxBytes) return fail([tooLarge]);
        entries.push(entry);
      }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      // What nobody needs may be where it likes.
      if (!isOptional || !isRemote(source.source)) refuse(error.said, 'unreadable-file');
    }
  }
  // What is wrong with a builder stays at home with it.
  if (hasErrors(findings.slice(parsed.findings.length))) fail(findings);

  const entriesWithout = (gone: readonly FoundKey[]): readonly Entry[] => {
    const template = gone.length === 0 ? layout.template : withoutKeys(layout.template, gone);
    const archived = Buffer.from(archivedText(text, language, parsed, { ...layout, template }));
    const name = language === 'json' ? 'template.json' : 'template.yml';
    const content = { type: 'file', mode: 0o644, size: archived.length, text: archived } as const;
    return [...entries, { name, path: templateFile, content }];
  };
  const hash = createHash('sha256');
  for await (const chunk of tarOf(entriesWithout([]))) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  const digest = hash.digest('hex');
  return {
    file: templateFile,
    ourKeys: ourKeysIn(parsed.template).map((key) => ({ ...key, range: parsed.rangeAt(key.path) })),
    content: (gone = []) => gzipTar(entriesWithout(gone), gone.length === 0 ? digest : undefined),
    digest,
    name: parsed.template.stack.name,
    version: parsed.template.stack.version,
    template: parsed.template,
    problems: told(findings),
  };
}

interface FoundSource extends ArchivedSource {
  readonly path: string;
  readonly isOptional: boolean;
}

/** The files behind one source: itself, or everything below it. */
async function* readSource(
  { source, archivePath, path, isOptional }: FoundSource,
  refuse: (message: Sentence, code: string) => void,
  isFetched: boolean,
): AsyncGenerator<Entry> {
  if (isRemote(source) && !isFetched) {
    if (isOptional) return;
    refuse(
      sentence`“${source}” is an address. Download the file and name it here by its path.`,
      'remote-source',
    );
    return;
  }
  const { found, problem } = await lookAtSource(path, isOptional);
  if (problem !== undefined) refuse(problem, 'missing-file');
  else if (found?.isFile() === true) yield fileEntry(path, archivePath, found);
  else if (found !== undefined) {
    const links = new Map<string, string>();
    yield* readFolder(path, { archivePath, inside: '', links }, refuse);
    const wrong = linkProblem(links, 'out');
    if (wrong !== undefined) {
      const { link, target } = wrong;
      refuse(
        sentence`The link ${link} in ${path} leads out of the folder, or nowhere: ${target}. Remove it, or pack the folder as a tar and add “extract: true”.`,
        'link',
      );
    }
  }
}

async function* readFolder(
  folder: string,
  place: { readonly archivePath: string; readonly inside: string; readonly links: Map<string, string> },
  refuse: (message: Sentence, code: string) => void,
): AsyncGenerator<Entry> {
  const { archivePath, links } = place;
  const names = (await readdir(folder)).sort();
  if (names.length === 0) yield { name: archivePath, path: folder, content: { type: 'directory' } };
  for (const each of names) {
    const path = join(folder, each);
    const name = `${archivePath}/${each}`;
    const inside = place.inside === '' ? each : `${place.inside}/${each}`;
    const found = await lstat(path);
    if (found.isFile()) yield fileEntry(path, name, found);
    else if (found.isDirectory()) yield* readFolder(path, { archivePath: name, inside, links }, refuse);
    else if (found.isSymbolicLink()) {
      const linkname = (await readlink(path)).replaceAll(sep, '/');
      links.set(inside, linkname);
      yield { name, path, content: { type: 'symlink', linkname } };
    } else
      refuse(
        sentence`${basename(path)} in ${folder} is a pipe or a device: archives carry files only.`,
        'device',
      );
  }
}

function fileEntry(
  path: string,
  name: string,
  found: { readonly mode: number; readonly size: number },
): Entry {
  // Only what a checkout preserves: whether it can be executed.
  const mode = (found.mode & 0o111) === 0 ? 0o644 : 0o755;
  return { name, path, content: { type: 'file', mode, size: found.size } };
}

async function* gzipTar(entries: readonly Entry[], digest: string | undefined): AsyncGenerator<Uint8Array> {
  const announced = async function* (): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    for await (const chunk of tarOf(entries)) {
      hash.update(chunk);
      yield chunk;
    }
    if (digest !== undefined && hash.digest('hex') !== digest)
      throw new UnreadableFile(sentence`A file of the template has changed while it was packed. Try again.`);
  };
  const gzip = createGzip();
  const packed = pipeline(announced, gzip);
  // Told by what is read, too.
  packed.catch(() => undefined);
  yield* gzip as AsyncIterable<Uint8Array>;
  await packed;
}

/** Sorted, without dates or owners: the same files always make the same bytes. */
async function* tarOf(entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  const tar = pack();
  const fill = async (): Promise<void> => {
    for (const { name, path, content } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const header = { name, mtime: new Date(0), uid: 0, gid: 0 };
      if (content.type === 'file') {
        const { type, mode, size, text } = content;
        await writeEntry(tar, { ...header, type, mode, size }, text ? [text] : sameSize(path, size));
      } else await writeEntry(tar, { ...header, ...content });
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  yield* tar as AsyncIterable<Uint8Array>;
}

/** A file's bytes, as many as there were when it was looked at. */
async function* sameSize(path: string, size: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of regularFileBytes(path, maxBytes)) {
    bytes += chunk.length;
    if (bytes <= size) yield chunk;
  }
  if (bytes !== size) throw new UnreadableFile(sentence`${path} has changed while it was packed. Try again.`);
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
