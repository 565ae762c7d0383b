import {
  isList,
  isMap,
  keyName,
  placedIn,
  type DataDocument,
  type DataError,
  type DataPair,
  type Placed,
} from './dataTree.ts';

/** The text has something that is not told block by block. */
export class NotInBlocks extends Error {}

/** Directives, several documents, tabs, keys of several lines or none, anchors, aliases, tags, and line ends of old. */
const holdsMore =
  /^(?:---|\.\.\.|%)|^[ -]*(?:\t|[?:](?:\s|$))|(?:^[ -]*|:[ ]+|[[{,][ ]*)[&*!][^\s]|\r(?!\n)/m;
/** A key at the beginning of what is left of a line. */
const keyHere =
  /(?:(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ ]*|(?:[?:-](?=\S)|[^\s#&*!|>%@`"'{}[\],?:-])(?:(?! #)[^\r\n])*?):(?=[ \r\n]|$)/y;
/** Entries of more lines than this are looked into. */
const linesAtOnce = 24;

interface Line {
  readonly start: number;
  readonly indent: number;
  /** Nothing to see, or a comment. */
  readonly blank: boolean;
  readonly dash: boolean;
}

/** Blocks of the text before, by what is written in them. */
let known = new Map<string, DataDocument>();

/**
 * Reads a long text in YAML's block style in pieces of some lines each, so that those which were in the text before
 * need not be read again. What is in a piece is told by a YAML parser (`read`); here it is only found where one ends,
 * which indentation tells.
 */
export class BlocksOf {
  readonly #text: string;
  readonly #read: (text: string) => DataDocument;
  readonly #lines: readonly Line[];
  readonly #errors: DataError[] = [];
  readonly #used = new Map<string, DataDocument>();

  readonly #maxLines: number;

  constructor(text: string, read: (text: string) => DataDocument, maxLines = linesAtOnce) {
    if (holdsMore.test(text)) throw new NotInBlocks();
    this.#text = text;
    this.#read = read;
    this.#maxLines = maxLines;
    this.#lines = linesOf(text);
  }

  read(): DataDocument {
    const first = this.#lines.findIndex(({ blank }) => !blank);
    const line = this.#lines[first];
    if (line === undefined) throw new NotInBlocks();
    const root = this.#block(first, this.#lines.length, line.indent, line.start + line.indent);
    if (root === undefined) throw new NotInBlocks();
    known = this.#used;
    return { root, errors: this.#errors.toSorted((a, b) => a.from - b.from) };
  }

  /** The map or list of some lines, whose first entry starts at an offset: behind the dash of a list it is in, perhaps. */
  #block(first: number, last: number, column: number, offset: number): Placed | undefined {
    const isDashed = this.#isDash(offset);
    if (!isDashed && !this.#isKey(offset)) return undefined;
    const starts = this.#entries(first, last, column, isDashed);
    if (starts === undefined) return undefined;
    const parts: Placed[] = [];
    let group = 0;
    const flush = (end: number): void => {
      const from = starts[group];
      if (from === undefined || group >= end) return;
      parts.push(
        this.#piece(from === first ? offset : this.#startOf(from) + column, column, starts[end] ?? last),
      );
      group = end;
    };
    starts.forEach((start, index) => {
      const next = starts[index + 1] ?? last;
      const at = index === 0 ? offset : this.#startOf(start) + column;
      const inside =
        next - start > this.#maxLines ? this.#entry(start, next, column, at, isDashed) : undefined;
      if (inside !== undefined) {
        flush(index);
        parts.push(inside);
        group = index + 1;
      } else if (this.#endsGroup(start, next) || index - group >= this.#maxLines) flush(index + 1);
    });
    flush(starts.length);
    return isDashed ? listOf(parts) : this.#mapOf(parts);
  }

  /** An entry of many lines as a map or a list of one, when what is in it can be told in blocks. */
  #entry(first: number, last: number, column: number, at: number, isDashed: boolean): Placed | undefined {
    const end = this.#endOfLine(first);
    if (isDashed) {
      const gap = /^-[ ]+/.exec(this.#text.slice(at, end))?.[0].length;
      const inner = gap === undefined ? undefined : this.#block(first, last, column + gap, at + gap);
      if (inner === undefined) return undefined;
      const { node } = inner;
      return {
        at,
        node: {
          kind: 'list',
          flow: false,
          length: inner.at - at + node.length,
          items: [{ at: inner.at - at, node }],
        },
      };
    }
    keyHere.lastIndex = at;
    const key = keyHere.exec(this.#text)?.[0] ?? '';
    if (!/^[ ]*(?:#.*)?\r?$/.test(this.#text.slice(at + key.length, end))) return undefined;
    const head = this.#document(this.#text.slice(at, at + key.length));
    const pair = isMap(head.root) ? head.root.node.pairs[0] : undefined;
    let next = first + 1;
    while (this.#lines[next]?.blank === true) next++;
    const line = this.#lines[next];
    if (pair === undefined || head.errors.length > 0 || line === undefined || next >= last) return undefined;
    if (line.indent < column || (line.indent === column && !line.dash)) return undefined;
    const value = this.#block(next, last, line.indent, line.start + line.indent);
    if (value === undefined) return undefined;
    const placed = { at: value.at - at, node: value.node };
    const length = placed.at + value.node.length;
    return { at, node: { kind: 'map', flow: false, length, pairs: [{ key: pair.key, value: placed }] } };
  }

  /** The lines that entries start at; nothing when some line is where none may be. */
  #entries(first: number, last: number, column: number, isDashed: boolean): readonly number[] | undefined {
    const starts = [first];
    for (let index = first + 1; index < last; index++) {
      const line = this.#lines[index];
      if (line === undefined || line.blank) continue;
      if (line.indent < column) return undefined;
      if (line.indent > column || line.dash !== isDashed) continue;
      if (isDashed || this.#isKey(line.start + column)) starts.push(index);
    }
    return starts;
  }

  /** What begins at an offset, in some column of its line, read as if nothing were before it. */
  #piece(offset: number, column: number, last: number): Placed {
    const text = this.#text.slice(offset, this.#startOf(last));
    const { root, errors } = this.#document(`${' '.repeat(column)}${text}`);
    if (root === undefined) throw new NotInBlocks();
    const start = offset - column;
    for (const { message, from, to } of errors) {
      this.#errors.push({ message, from: start + from, to: start + to });
    }
    return { at: start + root.at, node: root.node };
  }

  #document(text: string): DataDocument {
    const document = this.#used.get(text) ?? known.get(text) ?? this.#read(text);
    this.#used.set(text, document);
    return document;
  }

  #mapOf(parts: readonly Placed[]): Placed {
    const at = parts[0]?.at ?? 0;
    const names = new Set<string>();
    const pairs = parts.flatMap((part) => {
      if (!isMap(part)) throw new NotInBlocks();
      const found = part.node.pairs.map((pair): DataPair => {
        const key = placedIn(part, pair.key);
        if (names.has(keyName(key))) {
          this.#errors.push({ from: key.at, to: key.at + 1, message: 'Map keys must be unique' });
        }
        const value = pair.value && placedIn(part, pair.value);
        return { key: { ...key, at: key.at - at }, value: value && { ...value, at: value.at - at } };
      });
      // Within one piece its reader has seen to it.
      for (const { key } of found) names.add(keyName(key));
      return found;
    });
    return { at, node: { kind: 'map', flow: false, length: lengthOf(parts), pairs } };
  }

  /** A group ends at an entry that its own text tells: a line more before it does not move the others. */
  #endsGroup(first: number, next: number): boolean {
    let sum = 0;
    for (let at = this.#endOfLine(first) - 4; at < this.#endOfLine(first); at++) {
      sum = (sum * 31 + this.#text.charCodeAt(at)) | 0;
    }
    return ((sum ^ (next - first)) & 7) === 0;
  }

  #isDash(offset: number): boolean {
    return this.#text[offset] === '-' && /^[\s]?$/.test(this.#text[offset + 1] ?? '');
  }

  #isKey(offset: number): boolean {
    keyHere.lastIndex = offset;
    return keyHere.test(this.#text);
  }

  #startOf(line: number): number {
    return this.#lines[line]?.start ?? this.#text.length;
  }

  #endOfLine(line: number): number {
    const next = this.#lines[line + 1];
    return next === undefined ? this.#text.length : next.start - 1;
  }
}

function listOf(parts: readonly Placed[]): Placed {
  const at = parts[0]?.at ?? 0;
  const items = parts.flatMap((part) => {
    if (!isList(part)) throw new NotInBlocks();
    return part.node.items.map((item) => ({ at: part.at - at + item.at, node: item.node }));
  });
  return { at, node: { kind: 'list', flow: false, length: lengthOf(parts), items } };
}

function lengthOf(parts: readonly Placed[]): number {
  const [first, last] = [parts[0], parts.at(-1)];
  return first === undefined || last === undefined ? 0 : last.at + last.node.length - first.at;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('\n', start);
    const end = next < 0 ? text.length : next;
    let at = start;
    while (text.charCodeAt(at) === 32) at++;
    const first = at < end ? text[at] : undefined;
    const second = at + 1 < end ? text[at + 1] : undefined;
    const blank = first === undefined || first === '#' || first === '\r';
    const dash = first === '-' && (second === undefined || second === ' ' || second === '\r');
    lines.push({ start, indent: at - start, blank, dash });
    start = end + 1;
  }
  return lines;
}
