import { createHash } from 'node:crypto';
import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import { templateNames } from '../find/definitions.ts';
import { isRecord } from '../../uforge/isRecord.ts';

/** A file that two unpacked archives of a template don't have in common. A side that lacks it has no text. */
export interface ComparedFile {
  /** Inside the archive, with `/`. */
  readonly path: string;
  readonly left?: string;
  readonly right?: string;
}

/** What stands where a password is: one side keeps a hash, so nobody can say whether it is the same. */
const hidden = '(not compared)';

/**
 * The files of two unpacked archives (`unpackTemplate`) that differ, the template first. Templates are compared by
 * what they say, not by how it is written: comments, order of keys, builders and passwords make no difference.
 */
export async function compareArchives(left: string, right: string): Promise<readonly ComparedFile[]> {
  const templates = await Promise.all([left, right].map(readTemplate));
  const [before, after] = templates;
  const different: ComparedFile[] = [];
  if (!isDeepStrictEqual(before, after)) {
    different.push({
      path: 'template.yml',
      left: stringify(inOrderOf(after, before)),
      right: stringify(after),
    });
  }
  const paths = new Set((await Promise.all([left, right].map(filesBelow))).flat());
  for (const path of [...paths].sort()) {
    const [a, b] = await Promise.all([textOf(join(left, path)), textOf(join(right, path))]);
    if (a !== b)
      different.push({ path, ...(a !== undefined && { left: a }), ...(b !== undefined && { right: b }) });
  }
  return different;
}

async function readTemplate(folder: string): Promise<unknown> {
  const name = (await readdir(folder)).find((entry) => templateNames.includes(entry)) ?? 'template.yml';
  // JSON is YAML, too.
  const document: unknown = parse(await readFile(join(folder, name), 'utf8'), { uniqueKeys: false });
  return isRecord(document) ? { stack: comparable(document['stack']) } : document;
}

/** Everything but what a server can't or mustn't give back. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => key !== 'encrypted' && each !== undefined && each !== null)
      .map(([key, each]) => [key, key === 'password' ? hidden : comparable(each)]),
  );
}

/** The same value, its keys in the order of a model where that has them. */
function inOrderOf(model: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) =>
      inOrderOf(Array.isArray(model) ? (model[index] as unknown) : undefined, each),
    );
  }
  if (!isRecord(value)) return value;
  const order = isRecord(model) ? model : {};
  const keys = new Set([...Object.keys(order), ...Object.keys(value)]);
  return Object.fromEntries(
    [...keys].filter((key) => key in value).map((key) => [key, inOrderOf(order[key], value[key])]),
  );
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !templateNames.includes(basename(entry.name)))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}

/** A file as it can be shown in a diff; of one that is no text, its size and digest; of a link, where it leads. */
async function textOf(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink() === true) return `→ ${await readlink(path)}\n`;
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes?.includes(0)) return bytes?.toString('utf8');
  return `${bytes.length} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}\n`;
}
