import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { isSystemError } from '../../uforge/systemError.ts';
import { Budget, type UnpackLimits } from './budget.ts';
import { archivedSources, isNeeded } from './layout.ts';
import { linkProblem } from './links.ts';
import { isTooLong, partsBelow, tarEntries, through, type FileEntry } from './readTar.ts';
import { templateNames, templateLanguageOf } from '../find/definitions.ts';
import { formatProblem, placeIn, type Problem, type Range } from '../text/problem.ts';
import type { Template, TemplateLanguage } from '../template/model/template.ts';
import { parseTemplate } from '../template/parseTemplate.ts';
import { named } from '../template/model/path.ts';
import { SaidError } from '../../uforge/language/saidError.ts';
import { joined, sentence, type Sentence } from '../../uforge/language/sentence.ts';

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

/** An archive whose file at the top is not a template, but becomes one. */
export interface ArchiveKind {
  readonly names: readonly string[];
  readonly asTemplate: (text: string, language: TemplateLanguage) => string;
  /** What is written, as a template of that language. */
  readonly finished: (template: Template, language: TemplateLanguage) => string;
}

export interface UnpackOptions {
  /** A template's unless given. */
  readonly kind?: ArchiveKind;
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
 * empty. No path and no link leaves the folder, nothing is written through a link, number and size are bounded. What is
 * in it twice is the same both times. When it fails the folder is gone.
 * @throws {ArchiveError}, or the signal's reason
 */
export async function unpackTemplate(
  archive: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  folder: string,
  { limits = defaultLimits, signal, kind, rewrite = (text) => text }: UnpackOptions = {},
): Promise<UnpackedTemplate> {
  await mkdir(folder, { recursive: true });
  try {
    const names = kind?.names ?? templateNames;
    const { size, templates } = await extractAll(archive, folder, names, limits, signal);
    return { ...(await readUnpacked(folder, names, templates, kind, rewrite)), size };
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
  names: readonly string[],
  limits: UnpackLimits,
  signal: AbortSignal | undefined,
): Promise<Extracted> {
  const budget = new Budget(
    limits,
    (of, most) =>
      new ArchiveError(
        of === 'files'
          ? sentence`The archive has more than ${most} files.`
          : sentence`The archive is larger than ${most} MB unpacked.`,
      ),
  );
  const tar = through(Readable.from(archive), createGunzip());
  const templates = new Map<string, string>();
  const links = new Map<string, string>();
  try {
    for await (const { name, entry } of tarEntries(tar, (bytes) => budget.countRead(bytes), signal)) {
      const path = relativePath(name);
      if (path === undefined)
        throw new ArchiveError(sentence`The archive has a path that leaves its folder: “${name}”.`);
      budget.countFile();
      if (entry.kind === 'directory') await mkdir(join(folder, path), { recursive: true });
      else if (entry.kind === 'symlink' && !names.includes(path)) {
        if ((links.get(path) ?? entry.target) !== entry.target) throw isTwice(name);
        links.set(path, entry.target);
      } else if (entry.kind !== 'file') {
        const what = entry.kind === 'hardLink' ? 'link' : entry.kind === 'other' ? entry.what : entry.kind;
        throw new ArchiveError(sentence`The archive has a ${what} where only files are allowed: “${name}”.`);
      } else {
        budget.countBytes(entry.size);
        if (!names.includes(path)) await writeEntry(entry, join(folder, path), name, signal);
        else if (entry.size > maxTemplateBytes)
          throw new ArchiveError(
            sentence`The template “${name}” is larger than ${maxTemplateBytes / 1024 ** 2} MB.`,
          );
        else {
          const text = await textOf(Readable.from(entry.content()));
          if ((templates.get(path) ?? text) !== text) throw isTwice(name);
          templates.set(path, text);
        }
      }
    }
    await writeLinks(links, folder);
    return { size: budget.bytes, templates };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ArchiveError || isSystemError(error)) throw error;
    throw new ArchiveError(sentence`The archive is not a complete gzip tar.`, String(error), {
      cause: error,
    });
  }
}

async function writeEntry(
  { mode, content }: FileEntry,
  path: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const rights = (mode & 0o111) === 0 ? 0o644 : 0o755;
    await writeFile(path, content(), { flag: 'wx', mode: rights, ...(signal && { signal }) });
  } catch (error) {
    if (!isSystemError(error, 'EEXIST', 'ENOTDIR', 'EISDIR')) throw error;
    // hammr packs a folder, and then each of its files.
    const isSame =
      (await lstat(path).catch(() => undefined))?.isFile() === true &&
      (await hashOf(createReadStream(path))) === (await hashOf(content()));
    if (!isSame) throw isTwice(name, error);
  }
}

async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

/** Once all else is written, so that nothing is written through one. */
async function writeLinks(links: ReadonlyMap<string, string>, folder: string): Promise<void> {
  const wrong = linkProblem(links, 'out');
  if (wrong !== undefined) {
    const { link, target } = wrong;
    throw new ArchiveError(
      sentence`The archive has a link that leads out of it, or nowhere: “${link}”, to “${target.slice(0, 200)}”.`,
    );
  }
  for (const [path, target] of links) {
    for (let at = dirname(path); at !== '.'; at = dirname(at)) if (links.has(at)) throw isTwice(at);
    try {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await symlink(target, join(folder, path));
    } catch (error) {
      throw isSystemError(error, 'EEXIST', 'ENOTDIR') ? isTwice(path, error) : error;
    }
  }
}

function isTwice(name: string, cause?: unknown): ArchiveError {
  return new ArchiveError(sentence`The archive has “${name}” twice, and not the same.`, '', { cause });
}

/** Reads the first of the templates and writes it; the others are nobody's. */
async function readUnpacked(
  folder: string,
  names: readonly string[],
  templates: Extracted['templates'],
  kind: ArchiveKind | undefined,
  rewrite: NonNullable<UnpackOptions['rewrite']>,
): Promise<Omit<UnpackedTemplate, 'size'>> {
  for (const name of names) {
    const text = templates.get(name);
    const language = templateLanguageOf(name);
    if (text === undefined || language === undefined) continue;
    const whole = kind?.asTemplate(text, language) ?? text;
    const { template, problems, findings, rangeAt } = parseTemplate(whole, language);
    // Lines of what has been made of it are nobody's.
    const placeOf = (range: Range): string => (kind === undefined ? placeIn(name, range) : `${name}: `);
    const errors = findings
      .filter(({ severity }) => severity === 'error')
      .map(({ message, range }) => sentence`${placeOf(range)}${message}`);
    if (template === undefined) {
      const detail = problems.map((problem) => formatProblem(problem, name)).join('\n');
      throw new ArchiveError(sentence`The template has errors: ${all(errors)}`, detail);
    }
    const missing: Sentence[] = [];
    for (const each of archivedSources(template)) {
      const { source, at } = each;
      const found = await lstat(sourcePath(folder, source)).catch(() => undefined);
      // What only some target formats take is missed when one of them is asked for.
      if (found !== undefined || !isNeeded(each, [])) continue;
      missing.push(sentence`${placeOf(rangeAt(at))}${named(at)} is “${source}”, which the archive lacks.`);
    }
    if (missing.length > 0) throw new ArchiveError(all(missing), missing.join('\n'));
    const written = await rewrite(kind?.finished(template, language) ?? text, language, template);
    const target = kind === undefined ? name : language === 'json' ? 'template.json' : 'template.yml';
    await writeFile(join(folder, target), written, { flag: 'wx', mode: 0o644 });
    return { template, problems };
  }
  throw new ArchiveError(sentence`The archive has none of ${names.join(', ')} at its top.`);
}

/** As many as a person reads; the detail has them all. */
function all(sentences: readonly Sentence[]): Sentence {
  const shown = joined(sentences.slice(0, 20), ' ');
  return sentences.length > 20 ? sentence`${shown} And ${sentences.length - 20} more.` : shown;
}

/** The path without `./` and empty parts, or `undefined` when it isn't one that stays below its folder. */
function relativePath(path: string): string | undefined {
  const parts = partsBelow(path);
  if (parts === undefined || parts.some(isTooLong)) return undefined;
  if (path.length > 1024 || path.includes('\0') || /^[A-Za-z]:/.test(path)) return undefined;
  return parts.length === 0 ? '.' : parts.join('/');
}
