import type { Position, Range } from './problem.ts';

/** Turns offsets into a text (UTF-16 units) into lines and characters. Lines end with LF, CRLF or CR. */
export class TextPlaces {
  readonly #text: string;
  readonly #length: number;
  #known: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#length = text.length;
  }

  /** Where lines start: found out when somebody asks, since most texts have no problem to show. */
  get #starts(): readonly number[] {
    this.#known ??= lineStarts(this.#text);
    return this.#known;
  }

  position(offset: number): Position {
    const at = Math.min(Math.max(offset, 0), this.#length);
    const line = lastUpTo(this.#starts, at);
    return { line, character: at - (this.#starts[line] ?? 0) };
  }

  /** The other way round; a place outside of the text is the nearest one inside. */
  offset({ line, character }: Position): number {
    const start = this.#starts[Math.min(Math.max(line, 0), this.#starts.length - 1)] ?? 0;
    return line >= this.#starts.length ? this.#length : Math.min(start + character, this.#length);
  }

  range(from: number, to: number): Range {
    return { start: this.position(from), end: this.position(to) };
  }

  /** The first line of it: where what is wrong with a whole block is shown. */
  head(range: Range): Range {
    const { line } = range.start;
    if (line === range.end.line) return range;
    const written = this.#text.slice(this.#starts[line], this.#starts[line + 1]).trimEnd();
    return { start: range.start, end: { line, character: Math.max(written.length, range.start.character) } };
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  if (text.includes('\r')) {
    for (const end of text.matchAll(/\r\n|\r|\n/g)) starts.push(end.index + end[0].length);
    return starts;
  }
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The index of the last of some sorted numbers that is not greater than a limit; -1 when all are. */
function lastUpTo(numbers: readonly number[], limit: number): number {
  let low = -1;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
