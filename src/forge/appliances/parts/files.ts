import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, mkdir, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archivedSources, isNeeded } from '../../../appliance/archive/layout.ts';
import { hasErrors, type Range } from '../../../appliance/text/problem.ts';
import type { TemplatePath } from '../../../appliance/template/model/path.ts';
import {
  printTemplate,
  type Template,
  type TemplateLanguage,
} from '../../../appliance/template/model/template.ts';
import { parseTemplate } from '../../../appliance/template/parseTemplate.ts';
import { sourcePath } from '../../../appliance/archive/unpackTemplate.ts';
import { sealedText } from '../storedPasswords.ts';
import { storedTexts } from './storedText.ts';

/** The template of an unpacked archive, its file's name, and where in that something is. */
export interface StoredTemplate {
  readonly template: Template;
  readonly fileName: string;
  readonly language: TemplateLanguage;
}

export interface PlacedTemplate extends StoredTemplate {
  readonly rangeAt: (path: TemplatePath) => Range;
}

/**
 * @param keepUnknown also what the language does not know, for whoever writes it again
 * @returns undefined when none can be read
 */
export async function readStored(folder: string, keepUnknown = true): Promise<PlacedTemplate | undefined> {
  for await (const { fileName, language, text } of storedTexts(folder)) {
    const { template, rangeAt } = parseTemplate(text, language, { keepUnknown });
    if (template !== undefined) return { template, fileName, language, rangeAt };
  }
  return undefined;
}

/**
 * Writes a template, its passwords as hashes, into a folder that has none of that name. @returns what is
 * wrong with it; then nothing is written
 */
export async function writeStored(
  folder: string,
  { template, fileName, language }: StoredTemplate,
): Promise<readonly string[]> {
  const text = printTemplate(template, language);
  const { problems } = parseTemplate(text, language);
  const { name, version } = template.stack;
  if (hasErrors(problems)) {
    return problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  }
  const sealed = await sealedText(text, language === 'json', [name, version]);
  await writeFile(join(folder, fileName), sealed.text, { flag: 'wx' });
  return [];
}

/**
 * Makes a folder with the same files, without copying them where the file system allows that: files of an
 * appliance are replaced, never changed.
 */
export async function linkFolder(from: string, to: string, except: readonly string[] = []): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (except.includes(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkFolder(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await linkFile(source, target);
  }
}

export async function linkFile(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
}

/** Bytes of all files in a folder. */
export async function sizeOfFolder(folder: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return size;
}

/** Removes the files that one template names and the next one does not. */
export async function removeUnused(folder: string, before: Template, after: Template): Promise<void> {
  const used = archivedSources(after).map(({ source }) => source);
  for (const { source } of archivedSources(before)) {
    if (used.some((each) => each === source || each.startsWith(`${source}/`))) continue;
    await rm(sourcePath(folder, source), { recursive: true, force: true });
  }
}

/** The files that images of these target formats need and that are not there: of boot scripts not yet uploaded. */
export async function missingSources(
  folder: string,
  template: Template,
  formats: readonly string[],
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const each of archivedSources(template)) {
    const found = await stat(sourcePath(folder, each.source)).catch(() => undefined);
    if (found === undefined && isNeeded(each, formats)) missing.push(each.source);
  }
  return missing;
}

/** Hashes of a file, lower-case hex; undefined when it is not there. */
export async function hashesOf(
  path: string,
): Promise<{ readonly size: number; readonly md5: string; readonly sha256: string } | undefined> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  let size = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      size += chunk.length;
      md5.update(chunk);
      sha256.update(chunk);
    }
  } catch {
    return undefined;
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}
