import { CST, Lexer } from 'yaml';
import type { DataError } from './dataTree.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';

/** Far above any template of a person or a program. What a parser does within them takes a second at most. */
const yamlLimits = {
  characters: 4 * 1024 * 1024,
  /** Blank ones and comments, too. */
  lines: 50_000,
  /** Keys, values, and the marks between them. */
  parts: 200_000,
  anchors: 1000,
  aliases: 1000,
  depth: 100,
};

/**
 * What makes a text more than is read, found in one pass and before any parser sees it: a text of a megabyte can keep
 * one busy for minutes and fill the memory.
 */
export function beyondLimits(text: string): DataError | undefined {
  const { characters } = yamlLimits;
  if (text.length > characters) return beyond(0, sentence`The template is larger than 4 MB.`);
  return isPlainlyWithin(text) ? undefined : new Count(text).firstBeyond();
}

const code = (character: string): number => character.charCodeAt(0);
const [newline, carriageReturn, space, dash, mark] = [
  code('\n'),
  code('\r'),
  code(' '),
  code('-'),
  code('?'),
];
const opening = new Set(['[', '{'].map(code));
const closing = new Set([']', '}'].map(code));
/** Nothing is told apart in YAML without one of these. */
const others = new Set(Array.from(`:,&*!'"|>%#`, code));

/**
 * Whether the text is within the limits even if every character that might mean something does. True of all but huge
 * and strange templates; those have to be looked at word by word.
 */
function isPlainlyWithin(text: string): boolean {
  let [marks, lines, flow, anchors, aliases] = [0, 0, 0, 0, 0];
  /** How many characters of the line may have begun a list or a key inside of another. */
  let indent = 0;
  let isIndent = true;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === newline || character === carriageReturn) {
      marks++;
      lines++;
      indent = 0;
      isIndent = true;
      continue;
    }
    const isInside = character === space || character === dash || character === mark;
    if (isInside) {
      if (character !== space) marks++;
    } else if (opening.has(character)) {
      marks++;
      flow++;
    } else if (closing.has(character)) {
      marks++;
      flow = Math.max(0, flow - 1);
    } else if (others.has(character)) {
      marks++;
      if (character === 38) anchors++;
      if (character === 42) aliases++;
    }
    isIndent &&= isInside;
    if (isIndent) indent++;
    if ((indent + flow) * 2 > yamlLimits.depth) return false;
  }
  return (
    marks * 2 <= yamlLimits.parts &&
    lines <= yamlLimits.lines &&
    anchors <= yamlLimits.anchors &&
    aliases <= yamlLimits.aliases
  );
}

/** Counts the words of a text as the parser takes them. */
class Count {
  readonly #text: string;
  /** Columns of the lists and maps around, without brackets. */
  readonly #blocks: number[] = [];
  #flow = 0;
  #lines = 0;
  #parts = 0;
  #anchors = 0;
  #aliases = 0;

  constructor(text: string) {
    this.#text = text;
  }

  firstBeyond(): DataError | undefined {
    let at = 0;
    let lineStart = 0;
    let isFirst = true;
    let isText = false;
    for (const word of new Lexer().lex(this.#text)) {
      const type: string | null = isText ? 'text' : CST.tokenType(word);
      // These are the lexer's own, and not in the text: one says that what comes is a text.
      isText = type === 'scalar';
      if (isText || type === 'doc-mode' || type === 'flow-error-end') continue;
      const isIndicator = type === 'seq-item-ind' || type === 'explicit-key-ind';
      if (type !== 'space' && type !== 'newline' && this.#flow === 0 && (isFirst || isIndicator)) {
        const column = at - lineStart;
        while ((this.#blocks.at(-1) ?? -1) >= column) this.#blocks.pop();
        this.#blocks.push(column);
      }
      isFirst = (isFirst && type === 'space') || type === 'newline';
      this.#add(type, word);
      const says = this.#problem();
      if (says !== undefined) return beyond(at, says);
      at += word.length;
      if (word.includes('\n')) {
        lineStart = this.#text.lastIndexOf('\n', at - 1) + 1;
        isFirst = true;
      }
    }
    return undefined;
  }

  #add(type: string | null, word: string): void {
    if (type === 'newline' || type === 'comment') {
      if (type === 'newline') this.#lines++;
      return;
    }
    for (let end = word.indexOf('\n'); end >= 0; end = word.indexOf('\n', end + 1)) this.#lines++;
    if (type === 'space') return;
    this.#parts++;
    if (type === 'anchor') this.#anchors++;
    else if (type === 'alias') this.#aliases++;
    else if (type === 'flow-map-start' || type === 'flow-seq-start') this.#flow++;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') this.#flow = Math.max(0, this.#flow - 1);
  }

  #problem(): Sentence | undefined {
    const { lines, parts, anchors, aliases, depth } = yamlLimits;
    if (this.#lines > lines) return sentence`The template has more than ${lines} lines.`;
    if (this.#parts > parts) return sentence`The template holds more than ${parts} keys, values and marks.`;
    if (this.#anchors > anchors) return sentence`The template has more than ${anchors} anchors.`;
    if (this.#aliases > aliases) return sentence`The template has more than ${aliases} aliases.`;
    const isDeep = this.#blocks.length + this.#flow > depth;
    return isDeep ? sentence`The template is nested more than ${depth} deep.` : undefined;
  }
}

function beyond(at: number, message: Sentence): DataError {
  return { from: at, to: at + 1, message, isBeyondLimits: true };
}
