import type { Fix, Problem } from '../text/problem.ts';
import { TextPlaces } from '../text/places.ts';
import { qualifiedName, type XmlElement } from './element.ts';
import { maxDepth, scanXml } from './scanner.ts';
import { firstFailure, type Failure } from './failure.ts';

export type { XmlAttribute, XmlElement } from './element.ts';

export interface XmlDocument {
  /** The text without a byte order mark: what offsets count in. */
  readonly text: string;
  readonly places: TextPlaces;
  /** There as soon as there is a tag, however unfinished; trust it only without problems. */
  readonly root?: XmlElement;
  /** Why the text is not well-formed XML, or not one we read. */
  readonly problems: readonly Problem[];
}

const maxLength = 4 * 1024 * 1024;

/**
 * Reads a document into a tree with positions. No DTD, no entities of its own, bounded size and depth. An unbound
 * prefix is left to whoever knows the language: it is not reported here.
 */
export function parseXml(source: string): XmlDocument {
  // Editors don't count the byte order mark either.
  const text = source.replace(/^\uFEFF/, '');
  const places = new TextPlaces(text);
  const problem = (message: string, from: number, to: number, code = 'not-well-formed'): Problem => ({
    message,
    severity: 'error',
    range: places.range(from, to),
    code,
  });
  if (text.length > maxLength) {
    return { text, places, problems: [problem('The file is larger than 4 MB.', 0, 0, 'too-large')] };
  }
  const { root, tree, tooDeep } = scanXml(text, places);
  if (tooDeep !== undefined) {
    const message = `Elements are nested more than ${maxDepth} deep.`;
    return { text, places, problems: [problem(message, tooDeep.from, tooDeep.to, 'too-large')] };
  }
  const doctype = /<!DOCTYPE[^<>]*>?/.exec(text);
  const failure = firstFailure(text, tree);
  if (failure?.kind === 'doctype') {
    const from = doctype?.index ?? 0;
    const message = 'A document type (DOCTYPE) is not allowed. Remove it.';
    return { text, places, problems: [problem(message, from, from + (doctype?.[0].length ?? 1), 'doctype')] };
  }
  const found = root === undefined ? {} : { root };
  if (failure !== undefined) {
    const { message, from, to, open } = describe(failure, text, root);
    const fixes = open === undefined ? {} : { fixes: [closing(open, from, text, places)] };
    return {
      text,
      places,
      ...found,
      problems: [{ ...problem(`Not well-formed XML: ${message}`, from, to), ...fixes }],
    };
  }
  if (root === undefined)
    return { text, places, problems: [problem('The file has no element.', 0, text.length)] };
  return { text, places, root, problems: [] };
}

/** What the parser noticed, at the thing it is about: an end tag, an entity, else the last character it read. */
function describe(
  { words, position }: Failure,
  text: string,
  root: XmlElement | undefined,
): { message: string; from: number; to: number; open?: XmlElement } {
  const to = Math.min(position, text.length);
  const last = Math.max(to - 1, 0);
  if (words.startsWith('unexpected close tag') || words.startsWith('unclosed tag')) {
    const from = words.startsWith('unclosed') ? last : Math.max(text.lastIndexOf('</', last), 0);
    const open = root === undefined ? undefined : unclosedBefore(root, from);
    if (open === undefined) return { message: `${words}.`, from, to };
    const name = qualifiedName(open);
    const line = open.nameRange.start.line + 1;
    return { message: `<${name}> of line ${line} is not closed with </${name}>.`, from, to, open };
  }
  const from = words.includes('entity') ? Math.max(text.lastIndexOf('&', last), 0) : last;
  return { message: `${words}.`, from, to };
}

/** Closes an element: behind its value when it holds one, else before the end tag that comes too early, or at the end. */
function closing(open: XmlElement, from: number, text: string, places: TextPlaces): Fix {
  const tag = `</${qualifiedName(open)}>`;
  const next = text.indexOf('<', open.contentStart);
  const value = text.slice(open.contentStart, next < 0 ? text.length : next).trimEnd();
  const end = text.startsWith('</', from) ? from : text.trimEnd().length;
  const at = value.trim() === '' ? end : open.contentStart + value.length;
  const range = places.range(at, at);
  return { title: `Close it with ${tag}`, edits: [{ range, newText: tag }] };
}

/** The innermost element that is still open at an offset, and shouldn't be. */
function unclosedBefore(element: XmlElement, offset: number): XmlElement | undefined {
  if (element.start >= offset) return undefined;
  for (const child of element.children.toReversed()) {
    const found = unclosedBefore(child, offset);
    if (found !== undefined) return found;
  }
  return element.closed ? undefined : element;
}
