import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { isSystemError } from '../../uforge/systemError.ts';
import { archivedSources } from './layout.ts';
import { templateNames, templateLanguageOf } from '../find/definitions.ts';
import { formatProblem, placeIn, type Problem } from '../text/problem.ts';
import type { Template, TemplateLanguage } from '../template/model/template.ts';
import { parseTemplate } from '../template/parseTemplate.ts';
import { named } from '../template/model/path.ts';
import { SaidError } from '../../uforge/language/saidError.ts';
import { joined, sentence, type Sentence } from '../../uforge/language/sentence.ts';

interface UnpackLimits {
  /** Of everything inside, unpacked. */
  readonly bytes: number;
  readonly files: number;
}

const defaultLimits: UnpackLimits = { bytes: 1024 ** 3, files: 10_000 };

/** More than any template that is read has (4 million characters). */
const maxTemplateBytes = 16 * 1024 ** 2;

export interface UnpackedTemplate {
  /** Sources are paths inside the folder: resolve them with `sourcePath`. */
  readonly template: Template;
  /** Warnings, among them keys of the template nobody knows. */
  readonly problems: readonly Problem[];
  /** What was written, bytes. */
  readonly size: number;
}

export interface UnpackOptions {
  readonly limits?: UnpackLimits;
  readonly signal?: AbortSignal;
  /** What is written instead of the template's text, which then never is on the disk. */
  readonly rewrite?: (
    text: string,
    language: TemplateLanguage,
    template: Template,
  ) => string | Promise<string>;
}

/** An archive is not what it should be. The message is a sentence; nothing of it was kept. */
export class ArchiveError extends SaidError {
  override readonly name = 'ArchiveError';
  /** What stands behind the sentence, for example all problems of the template. */
  readonly detail: string;

  constructor(said: Sentence, detail = '', options?: ErrorOptions) {
    super(said, options);
    this.detail = detail;
  }
}

/**
 * Unpacks the archive of a template, which anybody may have made, into a folder that does not exist yet or is
 * empty. No path leaves the folder, there are no links, number and size are bounded. When it fails the folder is gone.
 * @throws {ArchiveError}, or the signal's reason
 */
export async function unpackTemplate(
  archive: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  folder: string,
  { limits = defaultLimits, signal, rewrite = (text) => text }: UnpackOptions = {},
): Promise<UnpackedTemplate> {
  await mkdir(folder, { recursive: true });
  try {
    const { size, templates } = await extractAll(archive, folder, limits, signal);
    return { ...(await readUnpacked(folder, templates, rewrite)), size };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Where a file that the template of an unpacked archive names is. @throws {ArchiveError} outside the folder */
export function sourcePath(folder: string, source: string): string {
  const path = relativePath(source);
  if (path === undefined) throw new ArchiveError(sentence`The path “${source}” leaves the archive's folder.`);
  return join(folder, path);
}

interface Extracted {
  /** Of everything inside, bytes. */
  readonly size: number;
  /** The texts of the templates at the top, by name, which are not written. */
  readonly templates: ReadonlyMap<string, string>;
}

async function extractAll(
  archive: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  folder: string,
  limits: UnpackLimits,
  signal: AbortSignal | undefined,
): Promise<Extracted> {
  const entries = extract();
  const brokenOff = new AbortController();
  const written = writeEntries(entries, folder, limits, brokenOff.signal);
  try {
    const [extracted] = await Promise.all([
      written,
      pipeline(Readable.from(archive), createGunzip(), bounded(limits), entries, { signal }),
    ]);
    return extracted;
  } catch (error) {
    // Both ends may fail, in either order: wait for the writer, so that nothing is written after the folder is gone.
    entries.destroy();
    // An entry in the middle of which the archive ends says nothing by itself.
    brokenOff.abort();
    const writerError = await written.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    signal?.throwIfAborted();
    const cause = writerError instanceof ArchiveError ? writerError : error;
    if (cause instanceof ArchiveError || isSystemError(cause)) throw cause;
    throw new ArchiveError(sentence`The archive is not a complete gzip tar.`, String(cause), { cause });
  }
}

/** The tar itself is bounded too: its padding and headers never reach a file. */
function bounded(limits: UnpackLimits): Transform {
  const most = limits.bytes + limits.files * 2048;
  let total = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      total += chunk.length;
      if (total > most) done(tooLarge(limits));
      else done(null, chunk);
    },
  });
}

async function writeEntries(
  entries: Extract,
  folder: string,
  limits: UnpackLimits,
  signal: AbortSignal,
): Promise<Extracted> {
  const templates = new Map<string, string>();
  let count = 0;
  let size = 0;
  for await (const entry of entries) {
    const { name, type, mode } = entry.header;
    const path = relativePath(name);
    if (path === undefined)
      throw new ArchiveError(sentence`The archive has a path that leaves its folder: “${name}”.`);
    if (++count > limits.files)
      throw new ArchiveError(sentence`The archive has more than ${limits.files} files.`);
    if (type === 'directory') {
      await mkdir(join(folder, path), { recursive: true });
      entry.resume();
      continue;
    }
    if (type !== 'file' && type !== 'contiguous-file') {
      throw new ArchiveError(sentence`The archive has a ${type} where only files are allowed: “${name}”.`);
    }
    size += entry.header.size;
    if (size > limits.bytes) throw tooLarge(limits);
    if (templateNames.includes(path)) {
      if (templates.has(path)) throw new ArchiveError(sentence`The archive has “${name}” twice.`);
      if (entry.header.size > maxTemplateBytes)
        throw new ArchiveError(
          sentence`The template “${name}” is larger than ${maxTemplateBytes / 1024 ** 2} MB.`,
        );
      templates.set(path, await textOf(entry));
      continue;
    }
    try {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      const executable = (mode & 0o111) !== 0;
      await pipeline(
        entry,
        createWriteStream(join(folder, path), { flags: 'wx', mode: executable ? 0o755 : 0o644 }),
        { signal },
      );
    } catch (error) {
      if (!isSystemError(error, 'EEXIST', 'ENOTDIR', 'EISDIR')) throw error;
      throw new ArchiveError(sentence`The archive has “${name}” twice.`, '', { cause: error });
    }
  }
  return { size, templates };
}

/** Reads the first of the templates and writes it; the others are nobody's. */
async function readUnpacked(
  folder: string,
  templates: Extracted['templates'],
  rewrite: NonNullable<UnpackOptions['rewrite']>,
): Promise<Omit<UnpackedTemplate, 'size'>> {
  for (const name of templateNames) {
    const text = templates.get(name);
    const language = templateLanguageOf(name);
    if (text === undefined || language === undefined) continue;
    const { template, problems, findings, rangeAt } = parseTemplate(text, language);
    const errors = findings
      .filter(({ severity }) => severity === 'error')
      .map(({ message, range }) => sentence`${placeIn(name, range)}${message}`);
    if (template === undefined) {
      const detail = problems.map((problem) => formatProblem(problem, name)).join('\n');
      throw new ArchiveError(sentence`The template has errors: ${all(errors)}`, detail);
    }
    const missing: Sentence[] = [];
    for (const { source, at, optional } of archivedSources(template)) {
      const found = await lstat(sourcePath(folder, source)).catch(() => undefined);
      if (found !== undefined || optional) continue;
      missing.push(
        sentence`${placeIn(name, rangeAt(at))}${named(at)} is “${source}”, which the archive lacks.`,
      );
    }
    if (missing.length > 0) throw new ArchiveError(all(missing), missing.join('\n'));
    const written = await rewrite(text, language, template);
    await writeFile(join(folder, name), written, { flag: 'wx', mode: 0o644 });
    return { template, problems };
  }
  throw new ArchiveError(sentence`The archive has none of ${templateNames.join(', ')} at its top.`);
}

/** As many as a person reads; the detail has them all. */
function all(sentences: readonly Sentence[]): Sentence {
  const shown = joined(sentences.slice(0, 20), ' ');
  return sentences.length > 20 ? sentence`${shown} And ${sentences.length - 20} more.` : shown;
}

/** The path without `./` and empty parts, or `undefined` when it isn't one that stays below its folder. */
function relativePath(path: string): string | undefined {
  if (path.length > 1024 || /[\0\\]/.test(path) || path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    return undefined;
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const fits = parts.every((part) => part !== '..' && Buffer.byteLength(part) <= 255);
  if (!fits) return undefined;
  return parts.length === 0 ? '.' : parts.join('/');
}

function tooLarge(limits: UnpackLimits): ArchiveError {
  return new ArchiveError(
    sentence`The archive is larger than ${Math.floor(limits.bytes / 1024 ** 2)} MB unpacked.`,
  );
}
