import type { Position, Range } from './problem.ts';

/** Turns offsets into a text (UTF-16 units) into lines and characters. Lines end with LF, CRLF or CR. */
export class TextPlaces {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (const end of text.matchAll(/\r\n|\r|\n/g)) this.#starts.push(end.index + end[0].length);
  }

  position(offset: number): Position {
    const at = Math.min(Math.max(offset, 0), this.#length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - (this.#starts[low] ?? 0) };
  }

  /** The other way round; a place outside of the text is the nearest one inside. */
  offset({ line, character }: Position): number {
    const start = this.#starts[Math.min(Math.max(line, 0), this.#starts.length - 1)] ?? 0;
    return line >= this.#starts.length ? this.#length : Math.min(start + character, this.#length);
  }

  range(from: number, to: number): Range {
    return { start: this.position(from), end: this.position(to) };
  }
}
