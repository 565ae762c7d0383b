import { createHash } from 'node:crypto';
import type { Long } from '../../../uforge/dto.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

/**
 * A DTO is a view of a part of a template. What it asks to change goes back into the template by these rules:
 * a field that is missing stays as it was, an empty one is taken away, and one that says what the view says
 * keeps the template's own spelling. What a template can't say is a problem that names the field, never a
 * silent loss.
 */
export type Problems = Sentence[];

/** An object whose undefined members are left out. */
export function compact<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

/** The new value of one field. `shown` is what the view says of `kept`. */
export function changed<K, V>(
  asked: V | undefined,
  kept: K | undefined,
  shown: V | undefined,
  read: (asked: V) => K | undefined,
): K | undefined {
  if (asked === undefined || asked === shown) return kept;
  return asked === '' ? undefined : read(asked);
}

/** As `changed`, for what is spelled the same on both sides. */
export function changedText(asked: string | undefined, kept: string | undefined): string | undefined {
  return changed(asked, kept, kept, (text) => text);
}

const always: ReadonlySet<string> = new Set([
  ...['$type', 'created', 'dbId', 'digest', 'lastModified'],
  ...['md5sum', 'mimeType', 'sha256sum', 'size', 'status', 'uploaded', 'uploadedTime'],
]);

/**
 * Notes every field that says something and is not among the `known` ones. Links and what the server fills in
 * are passed over, and so is what only says no: a body that was read from here can be sent back as it came.
 */
export function refuseOthers(
  dto: object,
  path: string,
  known: readonly string[],
  problems: Problems,
  why = sentence`an appliance of the local forge has no such thing`,
): void {
  for (const [field, value] of Object.entries(dto)) {
    if (known.includes(field) || always.has(field) || /^uri$|Uris?$/.test(field) || saysNothing(value))
      continue;
    problems.push(sentence`${path}/${field}: ${why}`);
  }
}

function saysNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === false ||
    value === 0 ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Largest size a template can ask for, MB: far above any disk, far below a disk's size in bytes. */
const largest = 2 ** 26;

/** A size in MB, whole and not negative, or a problem. */
export function readMegabytes(
  size: Long,
  toMegabytes: (size: Long) => number,
  path: string,
  problems: Problems,
): number | undefined {
  const megabytes = toMegabytes(size);
  if (Number.isInteger(megabytes) && megabytes >= 0 && megabytes <= largest) return megabytes;
  problems.push(sentence`${path}: ${size} is no size in MB`);
  return undefined;
}

/** A whole number that is not negative, or a problem. */
export function readWhole(text: string, path: string, problems: Problems): number | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  problems.push(sentence`${path}: “${text}” is not a whole number`);
  return undefined;
}

/** The id of a part that a template knows by its name: the same as long as it has that name. Ours. */
export function idOfName(...parts: readonly string[]): number {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest();
  return hash.readUInt32BE(0) % 2 ** 31;
}

/** The value of a closed list that is meant, whatever its case; undefined for one the list lacks. */
export function valueOf<V extends string>(values: readonly V[], text: string | undefined): V | undefined {
  return values.find((value) => value.toLowerCase() === text?.toLowerCase());
}

/** The new list; without what `read` can't make anything of, and none when nothing is left of it. */
export function changedList<D, T>(
  asked: readonly D[] | undefined,
  kept: readonly T[] | undefined,
  read: (asked: D, index: number) => T | undefined,
): readonly T[] | undefined {
  return asked === undefined ? kept : unlessEmpty(asked.map(read).filter((item) => item !== undefined));
}

/** A template has no empty lists. */
export function unlessEmpty<T>(items: readonly T[] | undefined): readonly T[] | undefined {
  return items?.length === 0 ? undefined : items;
}

/** The one that is called so: items of these lists are known by their names. */
export function named<T extends { readonly name: string }>(
  items: readonly T[] | undefined,
  { name }: { readonly name?: string | undefined },
): T | undefined {
  return items?.find((item) => item.name === name);
}
