import { listedValues } from '../../uforge/schema/table.ts';

/** Names of keyboards, as the schema has them. */
export const keyboards: readonly string[] = listedValues('InstallProfile', 'keyboard');

/** hammr's documentation has its own spellings of some. */
const otherSpellings: Readonly<Record<string, string>> = {
  'bg_bds-utf8': 'bg-bds-utf8',
  'bg_pho-utf8': 'bg-pho-utf8',
  fr_ch: 'fr-ch',
  'fr_ch-latin1': 'fr-ch-latin1',
  slovene: 'sloven',
  'sr-latin': 'sr-latin1',
};

/** A keyboard's name as the schema spells it, without regard to case; undefined for one nobody knows. */
export function keyboardNamed(text: string | undefined): string | undefined {
  const lower = text?.toLowerCase() ?? '';
  const name = otherSpellings[lower] ?? lower;
  return keyboards.find((each) => each.toLowerCase() === name);
}
