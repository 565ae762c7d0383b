import { visibleLine, visibleText } from '../uforge/visibleText.ts';

// VS Code makes links and icons of what it is told to show, and has no sign that says “this is text”. So what
// a link or an icon is known by is taken apart by a space without width: it looks the same and means nothing.
const apart = '\u200b';

/**
 * A message, a question or what stands beside it as text: `[Show](command:…)` is no link in it, whoever wrote
 * it. Our own messages have no links either, so all of it goes through here, not just the foreign part.
 */
export function messageText(text: string): string {
  return visibleText(text).replace(/\](?=[[(:])/g, `]${apart}`);
}

/**
 * A row of a list, or another label of one line, as text: `$(check)` is no icon in it. VS Code reads what it
 * shows when the pointer rests on a row as Markdown, where bare addresses are links.
 */
export function labelText(text: string): string {
  return messageText(visibleLine(text)).replace(/\$(?=\()|:(?=\/\/)|\bwww(?=\.)|@(?!\u200b)/gi, `$&${apart}`);
}

/** Foreign text in a piece of our Markdown: no sign is left in it that Markdown knows. */
export function markdownText(text: string): string {
  const lines = visibleText(text)
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '');
  return lines.map((line) => line.replace(/[!-/:-@[-`{-~]/g, characterReference)).join('  \n');
}

function characterReference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
