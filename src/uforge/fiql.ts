import { UForgeError } from './errors.ts';

/**
 * A search as UForge's list operations take it in `query`. `selector` is an element, or a path as
 * `targetFormat.name`.
 */
export type Fiql =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Fiql[] }
  | {
      readonly kind: 'comparison';
      readonly selector: string;
      readonly operator: FiqlOperator;
      /** What it is compared with; between the parts anything may stand (`*`). One part: no wildcard. */
      readonly parts: readonly string[];
      /** Without quotes and wildcards. */
      readonly isWord?: true;
    };

/** The same query where a word without quotes and wildcards is looked for anywhere in a text. */
export function withWordsAnywhere(query: Fiql): Fiql {
  if (query.kind !== 'comparison') return { ...query, terms: query.terms.map(withWordsAnywhere) };
  return query.isWord ? { ...query, parts: ['', ...query.parts, ''] } : query;
}

export type FiqlOperator = '==' | '!=' | '=lt=' | '=le=' | '=gt=' | '=ge=';

const operators: readonly FiqlOperator[] = ['==', '!=', '=lt=', '=le=', '=gt=', '=ge='];

/**
 * A value for a query, in quotes. What UForge does with a quote in a value is not published; ours reads `\'`.
 */
export function quoteFiql(value: string): string {
  return `'${value.replace(/[\\'*]/g, '\\$&')}'`;
}

/** `name=='value'`. */
export function fiqlEquals(selector: string, value: string | number | bigint | boolean): string {
  return `${selector}==${typeof value === 'string' ? quoteFiql(value) : String(value)}`;
}

/** All of them: joined with `;`, which binds tighter than `,`. */
export function fiqlAll(...terms: readonly string[]): string {
  return terms.join(';');
}

/** Any of them, in parentheses so that it can be one of several terms. */
export function fiqlAny(...terms: readonly string[]): string {
  return `(${terms.join(',')})`;
}

/** Reads a query. Throws `UForgeError` `invalid` that says where it stops making sense. */
export function parseFiql(text: string): Fiql {
  const reader = new FiqlReader(text);
  const query = reader.readAny();
  if (!reader.atEnd) throw reader.error('expected ; or , or the end');
  return query;
}

class FiqlReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text.trim();
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  readAny(): Fiql {
    return this.#readTerms('or', ',', () => this.#readTerms('and', ';', () => this.#readTerm()));
  }

  error(problem: string): UForgeError {
    return new UForgeError(
      'invalid',
      `The query ${this.#text} is wrong at character ${this.#at + 1}: ${problem}.`,
    );
  }

  #readTerms(kind: 'and' | 'or', separator: string, readTerm: () => Fiql): Fiql {
    const first = readTerm();
    const terms = [first];
    while (this.#take(separator)) terms.push(readTerm());
    return terms.length === 1 ? first : { kind, terms };
  }

  #readTerm(): Fiql {
    if (!this.#take('(')) return this.#readComparison();
    if (++this.#depth > 50) throw this.error('too many parentheses');
    const inner = this.readAny();
    if (!this.#take(')')) throw this.error('expected )');
    this.#depth--;
    return inner;
  }

  #readComparison(): Fiql {
    const selector = this.#match(/[A-Za-z_][\w.-]*/y);
    if (selector === undefined) throw this.error('expected the name of an element');
    const operator = operators.find((each) => this.#take(each));
    if (operator === undefined) throw this.error(`expected one of ${operators.join(' ')}`);
    return { kind: 'comparison', selector, operator, ...this.#readValue() };
  }

  #readValue(): { readonly parts: readonly string[]; readonly isWord?: true } {
    const quoted = this.#match(/\*?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\*?/sy);
    const written = quoted === undefined ? this.#match(/[^;,()'"\s]+/y) : withoutQuotes(quoted);
    if (written === undefined) throw this.error('expected a value');
    const parts = splitWildcards(written);
    return { parts, ...(quoted === undefined && parts.length === 1 && { isWord: true }) };
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}

/** `*'a'*` → `*a*`. */
function withoutQuotes(written: string): string {
  const start = written.startsWith('*') ? 1 : 0;
  const end = written.endsWith('*') ? written.length - 1 : written.length;
  return written.slice(0, start) + written.slice(start + 1, end - 1) + written.slice(end);
}

/** Splits at the stars that are not written `\*`, and takes the backslashes away. */
function splitWildcards(written: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const [token] of written.matchAll(/\\.|[^]/gs)) {
    if (token === '*') {
      parts.push(part);
      part = '';
    } else part += token.length > 1 ? token.slice(1) : token;
  }
  return [...parts, part];
}
