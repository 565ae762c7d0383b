import french from './french.json' with { type: 'json' };
import type { Translations } from './sentence.ts';

/** The languages what is below the editor speaks; data stays as it is. */
export type Language = 'en' | 'fr';

export const translations: Readonly<Record<Language, Translations>> = { en: {}, fr: french };
