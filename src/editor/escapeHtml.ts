import { visibleText } from '../uforge/visibleText.ts';

/** A text as HTML shows it, in elements and in attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
