import type { Fiql, FiqlOperator } from './fiql.ts';

/**
 * Whether an object is what a query asks for. A path that meets a list matches when any of its items does; a
 * missing element equals nothing. Text is compared exactly, numbers and dates by their value.
 */
export function matchesFiql(query: Fiql, object: object): boolean {
  switch (query.kind) {
    case 'and':
      return query.terms.every((term) => matchesFiql(term, object));
    case 'or':
      return query.terms.some((term) => matchesFiql(term, object));
    case 'comparison': {
      const values = valuesAt(object, query.selector.split('.'));
      if (query.operator === '!=') return !values.some((value) => equals(value, query.parts));
      if (query.operator === '==') return values.some((value) => equals(value, query.parts));
      return values.some((value) => compares(value, query.operator, query.parts.join('*')));
    }
  }
}

function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return valuesAt((value as Readonly<Record<string, unknown>>)[name], rest);
}

function equals(value: unknown, parts: readonly string[]): boolean {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && value instanceof Date) {
    return value.getTime() === Date.parse(only);
  }
  return textMatches(textOf(value), parts);
}

/**
 * The parts in their order, the first at the start and the last at the end; linear, unlike a regular
 * expression.
 */
function textMatches(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  if (parts.length === 1) return text === first;
  const last = parts.at(-1) ?? '';
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function compares(value: unknown, operator: FiqlOperator, wanted: string): boolean {
  const order = orderOf(value, wanted);
  if (order === undefined) return false;
  switch (operator) {
    case '=lt=':
      return order < 0;
    case '=le=':
      return order <= 0;
    case '=gt=':
      return order > 0;
    case '=ge=':
      return order >= 0;
    default:
      return false;
  }
}

function orderOf(value: unknown, wanted: string): number | undefined {
  if (typeof value === 'string') return value < wanted ? -1 : value > wanted ? 1 : 0;
  const left = value instanceof Date ? value.getTime() : Number(value);
  const right = value instanceof Date ? Date.parse(wanted) : Number(wanted);
  return Number.isNaN(left) || Number.isNaN(right) ? undefined : left - right;
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
