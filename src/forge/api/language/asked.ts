import type { Language } from '../../../uforge/language/languages.ts';

/**
 * The language of `Accept-Language` (RFC 9110, 12.5.4) the forge speaks best; English where it speaks none of
 * them.
 */
export function languageOf(acceptLanguage: string | undefined): Language {
  const ranges = (acceptLanguage ?? '').toLowerCase().split(',').map(parseRange);
  const wanted = ranges
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .find(({ language }) => ['en', 'fr', '*'].includes(language));
  return wanted?.language === 'fr' ? 'fr' : 'en';
}

function parseRange(text: string): { readonly language: string; readonly quality: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim());
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const quality = q === undefined ? 1 : Number(q);
  return { language: tag.split('-')[0] ?? '', quality: Number.isFinite(quality) ? quality : 0 };
}
