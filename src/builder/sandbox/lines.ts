import type { Readable } from 'node:stream';

/** Characters: what is longer comes in pieces, as whoever prints may never end a line. */
const longestLine = 16_384;

/** Calls `hear` with each line of a stream, also with those that end in a carriage return. */
export function readLines(
  stream: Readable,
  hear: (line: string) => void,
  onText: (length: number) => void,
): void {
  let held = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    onText(text.length);
    // A carriage return at the end may be half of a line's end.
    const parts = `${held}${text}`.split(/\r\n|\n|\r(?!$)/);
    held = parts.pop() ?? '';
    for (const line of parts) inPieces(line, hear);
    while (held.length > longestLine) {
      hear(held.slice(0, longestLine));
      held = held.slice(longestLine);
    }
  });
  stream.on('end', () => {
    if (held !== '') inPieces(held.replace(/\r$/, ''), hear);
  });
}

function inPieces(line: string, hear: (line: string) => void): void {
  for (let at = 0; at === 0 || at < line.length; at += longestLine) hear(line.slice(at, at + longestLine));
}
