import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';

/**
 * Control characters but for tab and the ends of a line: a terminal may act on them, and XML can't say them.
 */
// eslint-disable-next-line no-control-regex -- these are the ones meant
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/;

export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !control.test(text);
}

/**
 * @param value a DTO that was read @throws {Refusal} 400 for one whose texts have characters that no text
 * needs
 */
export function checkCharacters(value: unknown, path: string): void {
  if (typeof value === 'string') {
    if (isPlainText(value)) return;
    throw new Refusal(
      'ERROR.REQUEST.BODY',
      sentence`${path} has control characters, or half a character. Take them out.`,
      { parameters: [path] },
    );
  }
  // Dates and bytes have no members of their own that are texts.
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const [name, member] of Object.entries(value)) {
    checkCharacters(member, Array.isArray(value) ? path : `${path}/${name}`);
  }
}
