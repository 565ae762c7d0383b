import type { Operation } from '../operations.ts';

/** What a call gives for path and query parameters; undefined is left out of the query. */
export type CallParams = Readonly<Record<string, unknown>>;

/**
 * The URI of a request, relative to the base URL, without a leading slash. Every value is percent-encoded:
 * logins contain `@` and `\`. Throws a TypeError when a path parameter is missing.
 */
export function requestUri(operation: Operation, uid: string, params: CallParams): string {
  const path = operation.path.replace(/^\//, '').replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === 'uid' ? uid : params[name];
    if (!isPrintable(value) || value === '')
      throw new TypeError(`${operation.name} needs the parameter ${name}.`);
    return name === 'filepath'
      ? String(value).split('/').map(encodeSegment).join('/')
      : encodeSegment(String(value));
  });
  const query = (operation.query ?? []).flatMap((name) => {
    const value = params[name];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const other = operation.alsoSpelt?.[name];
    const names = other === undefined ? [name] : [name, other];
    return values
      .filter(isPrintable)
      .flatMap((each) => names.map((spelt) => `${spelt}=${encodeQuery(String(each))}`));
  });
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** `.` and `..` would be resolved away by every URL parser, encoded or not. */
function encodeSegment(text: string): string {
  if (text === '.' || text === '..') throw new TypeError(`"${text}" can't be part of a path.`);
  return encodeURIComponent(text.toWellFormed());
}

/** Also the quote, which URL parsers encode in a query: what an API key signs must be what is sent. */
function encodeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27');
}

function isPrintable(value: unknown): value is string | number | bigint | boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}
