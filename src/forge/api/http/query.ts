import type { DtoOfRoot, ItemOfRoot, RootName } from '../../../uforge/dto.ts';
import { UForgeError } from '../../../uforge/errors.ts';
import { parseFiql, withWordsAnywhere } from '../../../uforge/fiql.ts';
import { matchesFiql } from '../../../uforge/fiqlMatch.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';
import { dto, type DtoAnswer } from './answer.ts';
import { Refusal } from '../refusal.ts';

/**
 * A page of a list, by the five parameters of a search (`query` in FIQL, `orderBy`, `descending`, `count`,
 * `offset`). `offset` counts items and a missing `count` means all: the documentation says neither.
 * `wordsAnywhere`: a word without quotes and wildcards is looked for in a text, not compared with it.
 * `total` is how many there are without paging. @throws {Refusal} 400 for what can't be read
 */
export function search<T extends object>(
  items: readonly T[],
  query: URLSearchParams,
  { wordsAnywhere = false } = {},
): { readonly total: number; readonly page: readonly T[] } {
  const found = filter(items, query.get('query'), wordsAnywhere);
  const ordered = order(found, query.get('orderBy'), flag(query, 'descending'));
  const offset = whole(query, 'offset') ?? 0;
  const count = whole(query, 'count') ?? ordered.length;
  return { total: found.length, page: ordered.slice(offset, offset + count) };
}

/**
 * Things as a list document, whose list has the name of its root; the page the query asks for, all without
 * one.
 */
export function listed<R extends RootName>(
  root: R,
  all: readonly (ItemOfRoot<R> & object)[],
  query = new URLSearchParams(),
): DtoAnswer {
  const { total, page } = search(all, query);
  return dto(root, { total, [root]: page } as unknown as DtoOfRoot<R>);
}

/** A boolean parameter: `true` or `false` in any case (UForge's SDK sends Python's), 1 or 0, or missing. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) ?? 'false';
  if (!/^(?:true|false|1|0)$/i.test(value))
    throw wrong(sentence`${name} must be true or false, not "${value}".`);
  return /^(?:true|1)$/i.test(value);
}

function filter<T extends object>(
  items: readonly T[],
  text: string | null,
  wordsAnywhere: boolean,
): readonly T[] {
  if (text === null || text.trim() === '') return items;
  try {
    const parsed = wordsAnywhere ? withWordsAnywhere(parseFiql(text)) : parseFiql(text);
    return items.filter((item) => matchesFiql(parsed, item));
  } catch (error) {
    if (error instanceof UForgeError) throw wrong(sentence`${error.message}`);
    throw error;
  }
}

function order<T extends object>(items: readonly T[], by: string | null, descending: boolean): readonly T[] {
  const sorted =
    by === null || by === ''
      ? items.slice()
      : items.toSorted((a, b) => compare(valueAt(a, by), valueAt(b, by)));
  return descending ? sorted.reverse() : sorted;
}

function valueAt(item: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      item,
    );
}

/** Missing values come first; text by its letters, numbers, dates and booleans by value. */
function compare(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, 'en');
  return Number(a) - Number(b);
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^\d{1,9}$/.test(value)) throw wrong(sentence`${name} must be a whole number, not "${value}".`);
  return Number(value);
}

function wrong(sentence: Sentence): Refusal {
  return new Refusal('ERROR.REQUEST.QUERY', sentence);
}
