/** What acts on whoever shows a text instead of being shown; a tab and a new line may. */
const acting = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029\u{e0000}-\u{e007f}]/gu;

/**
 * A text that somebody else has written, as text: for terminals, logs and whatever shows it to a person. Control
 * characters (a terminal takes orders in them: titles, the clipboard, hidden letters), characters that turn the
 * direction of reading round and letters without a shape become signs that can be seen, such as `␛` and `\u202e`. A
 * carriage return, which would let a line be written over, ends it.
 */
export function visibleText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(acting, sign);
}

/** The same in one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll('\n', ' ');
}

/** From 0x7f on as JSON writes them, so that a JSON text stays the same value. */
function sign(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
