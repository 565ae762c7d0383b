import { listedValues } from '../../uforge/schema/table.ts';

/** Names of keyboards, as the schema has them. */
export const keyboards: readonly string[] = listedValues('InstallProfile', 'keyboard');

/**
 * Other spellings of some: hammr's documentation has its own, and people write what XKB and console-setup call a layout
 * (`gb`) or what is on the keys (`azerty`).
 */
const otherSpellings: Readonly<Record<string, string>> = {
  'bg_bds-utf8': 'bg-bds-utf8',
  'bg_pho-utf8': 'bg-pho-utf8',
  fr_ch: 'fr-ch',
  'fr_ch-latin1': 'fr-ch-latin1',
  slovene: 'sloven',
  'sr-latin': 'sr-latin1',
  ara: 'ar-azerty',
  azerty: 'fr',
  be: 'be-latin1',
  bg: 'bg-bds-utf8',
  br: 'br-abnt2',
  ca: 'cf',
  ch: 'sg',
  cz: 'cz-us-qwertz',
  ee: 'et',
  gb: 'uk',
  hr: 'croat',
  in: 'dev',
  is: 'is-latin1',
  jp: 'jp106',
  kr: 'ko',
  latam: 'la-latin1',
  mk: 'mk-utf',
  pl: 'pl2',
  pt: 'pt-latin1',
  qwerty: 'us',
  qwertz: 'de',
  rs: 'sr-cy',
  se: 'sv-latin1',
  si: 'sloven',
  sk: 'sk-qwerty',
  tr: 'trq',
  ua: 'ua-utf',
};

/** A keyboard's name as the schema spells it, without regard to case; undefined for one nobody knows. */
export function keyboardNamed(text: string | undefined): string | undefined {
  const lower = text?.toLowerCase() ?? '';
  const name = otherSpellings[lower] ?? lower;
  return keyboards.find((each) => each.toLowerCase() === name);
}
