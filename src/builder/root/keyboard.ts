import { keyboardNamed } from '../../appliance/catalog/keyboards.ts';
import { textFile, type RootOption } from './part.ts';

/**
 * UForge's names of keyboards (schema, `installProfile/keyboard`) as layout and variant of XKB: such as every
 * release's console-setup has, since what it does not know it replaces by a model of its own choice.
 */
const layouts: Readonly<Record<string, string>> = {
  'ar-azerty': 'ara azerty',
  'ar-azerty-digits': 'ara azerty_digits',
  'ar-digits': 'ara digits',
  'ar-qwerty': 'ara',
  'ar-qwerty-digits': 'ara digits',
  'be-latin1': 'be',
  ben: 'in ben',
  'ben-probhat': 'in ben_probhat',
  'bg-bds-utf8': 'bg',
  'bg-pho-utf8': 'bg phonetic',
  'br-abnt2': 'br',
  cf: 'ca',
  croat: 'hr',
  'cz-lat2': 'cz qwerty',
  'cz-us-qwertz': 'cz',
  de: 'de',
  'de-latin1': 'de',
  'de-latin1-nodeadkeys': 'de nodeadkeys',
  dev: 'in',
  dk: 'dk',
  'dk-latin1': 'dk',
  dvorak: 'us dvorak',
  es: 'es',
  et: 'ee',
  fi: 'fi',
  'fi-latin1': 'fi',
  fr: 'fr',
  'fr-ch': 'ch fr',
  'fr-ch-latin1': 'ch fr',
  'fr-latin1': 'fr',
  'fr-latin9': 'fr latin9',
  'fr-pc': 'fr',
  gr: 'gr',
  guj: 'in guj',
  gur: 'in guru',
  hu: 'hu',
  hu101: 'hu qwerty',
  ie: 'ie',
  'is-latin1': 'is',
  it: 'it',
  'it-ibm': 'it ibm',
  it2: 'it',
  jp106: 'jp',
  ko: 'kr',
  'la-latin1': 'latam',
  'mk-utf': 'mk',
  nl: 'nl',
  no: 'no',
  pl2: 'pl',
  'pt-latin1': 'pt',
  ro: 'ro',
  'ro-cedilla': 'ro',
  'ro-std': 'ro std',
  'ro-std-cedilla': 'ro std',
  ru: 'ru',
  sg: 'ch',
  'sg-latin1': 'ch',
  'sk-qwerty': 'sk qwerty',
  sloven: 'si',
  'sr-cy': 'rs',
  'sr-latin1': 'rs latin',
  'sv-latin1': 'se',
  tj: 'tj',
  'tml-inscript': 'in tam',
  'tml-uni': 'lk tam_unicode',
  trq: 'tr',
  'ua-utf': 'ua',
  uk: 'gb',
  us: 'us',
  'us-acentos': 'us intl',
};

/** A keyboard as XKB has it; undefined for a name nobody knows. */
export function xkbOf(name: string): { layout: string; variant: string } | undefined {
  const key = keyboardNamed(name);
  if (key === undefined) return undefined;
  const [layout = '', variant = ''] = (layouts[key] ?? '').split(' ');
  return { layout, variant };
}

/** `keyboard`: Debian's console-setup loads it early, and X and Wayland go by the same file. */
export const keyboard: RootOption = (plan) => {
  const xkb = plan.keyboard === undefined ? undefined : xkbOf(plan.keyboard);
  if (xkb === undefined || plan.system.name === 'container') return {};
  const content = `# Written by Appliance Forge: ${plan.keyboard ?? ''}
XKBMODEL="pc105"
XKBLAYOUT="${xkb.layout}"
XKBVARIANT="${xkb.variant}"
XKBOPTIONS=""
BACKSPACE="guess"
`;
  return { packages: ['console-setup'], files: [textFile('/etc/default/keyboard', content)] };
};
