import type { IncomingHttpHeaders } from 'node:http';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';

/** Both ends are included, as in the header. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The one range that is asked for; `undefined` for the whole file, which is also the answer to several
 * ranges, to other units and to an `If-Range` of another file (RFC 9110, 14). @throws {Refusal} 416 when it
 * lies outside
 */
export function rangeOf(headers: IncomingHttpHeaders, size: number, etag: string): ByteRange | undefined {
  const ifRange = headers['if-range'];
  if (typeof ifRange === 'string' && ifRange !== `"${etag}"`) return undefined;
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range?.trim() ?? '');
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size) {
    throw new Refusal(
      'ERROR.REQUEST.RANGE',
      sentence`The file has ${size} bytes; none are left from ${start} on.`,
      {
        headers: { 'content-range': `bytes */${size}` },
      },
    );
  }
  return { start, end };
}
