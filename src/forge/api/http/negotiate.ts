import type { MediaType } from '../../../uforge/codec/codec.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';

/** XML unless JSON is preferred (RFC 9110, 12.5.1). @throws {Refusal} 406 when neither is acceptable */
export function negotiate(accept: string | undefined): MediaType {
  if (accept === undefined || accept.trim() === '') return 'application/xml';
  const ranges = accept.split(',').map(parseRange);
  const xml = Math.max(quality(ranges, 'application', 'xml'), quality(ranges, 'text', 'xml'));
  const json = quality(ranges, 'application', 'json');
  if (xml <= 0 && json <= 0) {
    throw new Refusal(
      'ERROR.REQUEST.ACCEPT',
      sentence`The answer can be application/xml or application/json.`,
    );
  }
  return json > xml ? 'application/json' : 'application/xml';
}

/** Whether plain text is preferred to both; `/status` knows that, too. */
export function wantsText(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(',').map(parseRange);
  const text = quality(ranges, 'text', 'plain');
  return text > Math.max(0, quality(ranges, 'application', 'xml'), quality(ranges, 'application', 'json'));
}

interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

function parseRange(text: string): Range {
  const [media = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const [type = '', subtype = ''] = media.split('/');
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const parsed = q === undefined ? 1 : Number(q);
  return { type, subtype, quality: Number.isFinite(parsed) ? parsed : 0 };
}

/** The most specific range that fits decides; -1 when none does. */
function quality(ranges: readonly Range[], type: string, subtype: string): number {
  let best = -1;
  let specificity = -1;
  for (const range of ranges) {
    const fits =
      (range.type === type || range.type === '*') && (range.subtype === subtype || range.subtype === '*');
    const how = Number(range.type !== '*') + Number(range.subtype !== '*');
    if (fits && how > specificity) [best, specificity] = [range.quality, how];
  }
  return best;
}
