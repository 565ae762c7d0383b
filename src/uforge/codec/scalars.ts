import type { BuiltIns, Long } from '../dto.ts';
import { parseLong } from '../uris.ts';

type BuiltIn = keyof BuiltIns;
type Scalar = BuiltIns[BuiltIn];

const maxLong = 2n ** 63n - 1n;
const maxInt = 2 ** 31 - 1;

/** A value as the schema writes it, or undefined when the text is none of that type. */
export function parseScalar(type: BuiltIn, text: string): Scalar | undefined {
  if (type === 'string') return text;
  const token = text.trim();
  switch (type) {
    case 'anyURI':
      return token;
    case 'boolean':
      return token === 'true' || token === '1'
        ? true
        : token === 'false' || token === '0'
          ? false
          : undefined;
    case 'int':
    case 'long':
    case 'integer':
      return parseInteger(type, token);
    case 'float':
      return parseFloatToken(token);
    case 'dateTime':
      return parseDateTime(token);
    case 'base64Binary':
      return /^[A-Za-z0-9+/\s]*={0,2}$/.test(token)
        ? new Uint8Array(Buffer.from(token, 'base64'))
        : undefined;
  }
}

/** The text of a value, or undefined when the value does not fit the type. */
export function printScalar(type: BuiltIn, value: unknown): string | undefined {
  switch (type) {
    case 'string':
    case 'anyURI':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'int':
    case 'long':
    case 'integer':
      return isInteger(type, value) ? String(value) : undefined;
    case 'float':
      return typeof value === 'number' ? printFloat(value) : undefined;
    case 'dateTime':
      return value instanceof Date ? printDateTime(value) : undefined;
    case 'base64Binary':
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : undefined;
  }
}

function parseInteger(type: 'int' | 'long' | 'integer', token: string): Long | undefined {
  if (!/^[+-]?\d{1,100}$/.test(token)) return undefined;
  const value = parseLong(token);
  return isInteger(type, value) ? value : undefined;
}

function isInteger(type: 'int' | 'long' | 'integer', value: unknown): value is Long {
  if (typeof value === 'bigint')
    return type === 'integer' || (type === 'long' && value >= -maxLong - 1n && value <= maxLong);
  if (!Number.isSafeInteger(value)) return false;
  return type !== 'int' || ((value as number) >= -maxInt - 1 && (value as number) <= maxInt);
}

function parseFloatToken(token: string): number | undefined {
  if (token === 'INF') return Infinity;
  if (token === '-INF') return -Infinity;
  if (token === 'NaN') return NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(token) ? Number(token) : undefined;
}

function printFloat(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? 'INF' : '-INF';
}

/** Only years of four digits: before and after, ISO 8601 as JavaScript has it is not what XML Schema has. */
function printDateTime(value: Date): string | undefined {
  const text = Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return /^\d{4}-/.test(text) && !text.startsWith('0000') ? text : undefined;
}

/**
 * A time without a zone is read as UTC, so that it means the same everywhere; digits alone are JSON's epoch,
 * ms.
 */
function parseDateTime(token: string): Date | undefined {
  const text = /^-?\d{9,}$/.test(token)
    ? Number(token)
    : /(Z|[+-]\d\d:?\d\d)$/i.test(token) || !token.includes('T')
      ? token
      : `${token}Z`;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
