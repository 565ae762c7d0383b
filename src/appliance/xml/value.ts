import type { BuiltIns } from '../../uforge/dto.ts';
import { parseLong } from '../../uforge/uris.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';

/** A value of one of the schema's built-in types, or what it should have looked like. */
export type XmlValue = { readonly value: BuiltIns[keyof BuiltIns] } | { readonly expected: Sentence };

const longLimit = 2n ** 63n;
const intLimit = 2n ** 31n;

/** Reads the text of an element, trimmed, as XML Schema writes the type. */
export function readXmlValue(text: string, type: keyof BuiltIns): XmlValue {
  switch (type) {
    case 'string':
    case 'anyURI':
      return { value: text };
    case 'boolean':
      if (text === 'true' || text === '1') return { value: true };
      if (text === 'false' || text === '0') return { value: false };
      return { expected: sentence`true or false` };
    case 'int':
    case 'integer':
    case 'long':
      return readWhole(text, type);
    case 'float': {
      const value = Number(text);
      return text !== '' && Number.isFinite(value) ? { value } : { expected: sentence`a number` };
    }
    case 'dateTime': {
      const value = new Date(text);
      const looksRight = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/.test(text);
      const expected = sentence`a date and time such as 2026-01-31T12:00:00Z`;
      return looksRight && !Number.isNaN(value.getTime()) ? { value } : { expected };
    }
    case 'base64Binary': {
      const compact = text.replaceAll(/\s/g, '');
      const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact);
      return isBase64
        ? { value: new Uint8Array(Buffer.from(compact, 'base64')) }
        : { expected: sentence`base64` };
    }
  }
}

function readWhole(text: string, type: 'int' | 'integer' | 'long'): XmlValue {
  const expected = sentence`a whole number without a unit`;
  if (!/^[+-]?\d{1,40}$/.test(text)) return { expected };
  const exact = BigInt(text.replace(/^\+/, ''));
  const limit = type === 'int' ? intLimit : longLimit;
  if (type !== 'integer' && (exact >= limit || exact < -limit)) {
    return { expected: sentence`a whole number below ${limit}` };
  }
  return { value: parseLong(exact.toString()) };
}

const megabytes: Readonly<Record<string, number>> = { m: 1, mb: 1, mib: 1, g: 1024, gb: 1024, gib: 1024 };

/** What a person meant by a value of the wrong kind: `yes` for true, `512MB` for 512. Every size of a request and of a template is in MB. */
export function likelyXmlValue(text: string, type: string): string | undefined {
  if (type === 'boolean') {
    if (/^(?:true|yes|on|y)$/i.test(text)) return 'true';
    return /^(?:false|no|off|n)$/i.test(text) ? 'false' : undefined;
  }
  if (type !== 'int' && type !== 'long' && type !== 'integer') return undefined;
  const [, digits = '', unit = ''] = /^(\d{1,9})\s*([a-z]+)$/i.exec(text) ?? [];
  const factor = megabytes[unit.toLowerCase()];
  return digits === '' || factor === undefined ? undefined : String(Number(digits) * factor);
}
