import { SaxesParser } from 'saxes';
import { mostProblems } from '../text/problem.ts';
import type { XmlNode } from './node.ts';

export interface Failure {
  readonly kind: 'error' | 'doctype';
  readonly words: string;
  /** Behind the character it was noticed at. */
  readonly position: number;
}

/** Elements a parser has found nothing wrong in: not looked into again in the next version of a text. */
const wellFormed = new WeakSet<XmlNode>();
/** Stands for such an element. */
const standIn = '<a/>';

interface Tree {
  readonly node: XmlNode;
  readonly start: number;
}

/** The first thing that makes a text no XML document, as a real parser sees it. */
export function firstFailure(text: string, tree: Tree | undefined): Failure | undefined {
  const { failure, ends } = readOnce(text, tree, Infinity);
  if (failure === undefined) return undefined;
  // What is wrong may reach into elements that were passed over, and be told only in them.
  return readOnce(text, tree, Math.max(0, ...ends.slice(-1))).failure;
}

/** Passes over the elements that are known to be right and end up to an offset. */
function readOnce(text: string, tree: Tree | undefined, upTo: number) {
  const reading = new Reading(text);
  const visited: { readonly node: XmlNode; readonly end: number }[] = [];
  const visit = (node: XmlNode, start: number): void => {
    const end = start + node.end;
    if (end <= upTo && wellFormed.has(node)) {
      reading.skip(start, end);
      return;
    }
    visited.push({ node, end });
    node.children.forEach((child, index) => {
      // Behind a failure nobody looks.
      if (!reading.hasFailed) visit(child, start + (node.starts[index] ?? 0));
    });
    reading.upTo(end);
  };
  if (tree !== undefined) visit(tree.node, tree.start);
  const failure = reading.finish();
  const ends = new Set(reading.ends);
  for (const { node, end } of visited) {
    if (node.closed && node.whole && ends.has(end)) wellFormed.add(node);
  }
  return { failure, ends: reading.ends };
}

/** Thrown through the parser, which would go on reading otherwise. */
class Stop extends Error {}

/** Longer pieces than this are given to the parser at once. */
const pieceLength = 16_384;

/** Gives a parser a text piece by piece, some elements of it replaced. */
class Reading {
  readonly #text: string;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  /** Where the parser saw elements end, before anything was wrong. */
  readonly ends: number[] = [];
  /** Where pieces start: for the parser, and in the text. */
  readonly #pieces: { readonly read: number; readonly at: number }[] = [{ read: 0, at: 0 }];
  /** The one the parser is in. */
  #piece = 0;
  #failure: Failure | undefined;
  #unbound = 0;
  #pending = '';
  #read = 0;
  /** What is before has been given to the parser, or is pending. */
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#parser.on('error', ({ message }) => {
      // saxes writes `line:column: words.`: the position is shown otherwise.
      const words = message.replace(/^(?:.*?:)?\d+:\d+: /, '').replace(/\.$/, '');
      if (!words.startsWith('unbound namespace prefix')) this.#fail('error', words);
      this.#unbound++;
      if (this.#unbound > mostProblems)
        this.#fail('error', `more than ${mostProblems} prefixes are not declared`);
    });
    this.#parser.on('closetag', () => {
      if (!this.hasFailed) this.ends.push(this.#position());
    });
    this.#parser.on('doctype', () => {
      this.#fail('doctype', '');
    });
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  upTo(end: number): void {
    if (end - this.#at < pieceLength && end < this.#text.length) return;
    this.#add(this.#text.slice(this.#at, end), end);
  }

  skip(from: number, to: number): void {
    this.#add(this.#text.slice(this.#at, from), from);
    this.#add(standIn, to);
    this.#pieces.push({ read: this.#read, at: to });
  }

  finish(): Failure | undefined {
    this.#add(this.#text.slice(this.#at), this.#text.length);
    this.#guarded(() => {
      this.#parser.write(this.#pending).close();
    });
    return this.#failure;
  }

  #add(piece: string, at: number): void {
    this.#pending += piece;
    this.#read += piece.length;
    this.#at = at;
    if (this.#pending.length < pieceLength) return;
    const { length } = this.#pending;
    // A reference or a character in two halves is told apart from a wrong one only in one piece.
    const whole = this.#pending.lastIndexOf('>') + 1 || length;
    const now = this.#pending.slice(0, whole);
    this.#pending = this.#pending.slice(whole);
    this.#guarded(() => this.#parser.write(now));
  }

  #guarded(read: () => void): void {
    if (this.hasFailed) return;
    try {
      read();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
  }

  #fail(kind: Failure['kind'], words: string): void {
    this.#failure ??= { kind, words, position: this.#position() };
    throw new Stop();
  }

  /** Where in the text the parser is. */
  #position(): number {
    const { position } = this.#parser;
    while ((this.#pieces[this.#piece + 1]?.read ?? Infinity) < position) this.#piece++;
    const { at, read } = this.#pieces[this.#piece] ?? { at: 0, read: 0 };
    return at + position - read;
  }
}
