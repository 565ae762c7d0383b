import { firstFailure } from '../../uforge/codec/wellFormed.ts';
import type { Way, Finding } from '../text/problem.ts';
import { TextPlaces } from '../text/places.ts';
import { qualifiedName, type XmlElement, type XmlSource } from './element.ts';
import { maxDepth, scanXml } from './scanner.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';

/** Its `text` is without a byte order mark: what offsets count in. */
export interface XmlDocument extends XmlSource {
  /** There as soon as there is a tag, however unfinished; trust it only without problems. */
  readonly root?: XmlElement;
  /** Why the text is not well-formed XML, or not one we read. */
  readonly problems: readonly Finding[];
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
  const problem = (message: Sentence, from: number, to: number, code = 'not-well-formed'): Finding => ({
    message,
    severity: 'error',
    range: places.range(from, to),
    code,
  });
  if (text.length > maxLength) {
    return { text, places, problems: [problem(sentence`The file is larger than 4 MB.`, 0, 0, 'too-large')] };
  }
  const failure = firstFailure(text, { maxDepth, anyCharacter: false });
  if (failure?.kind === 'tooDeep') {
    const message = sentence`Elements are nested more than ${maxDepth} deep.`;
    return { text, places, problems: [problem(message, failure.from + 1, failure.to, 'too-large')] };
  }
  if (failure?.kind === 'doctype') {
    const message = sentence`A document type (DOCTYPE) is not allowed. Remove it.`;
    const { length } = /^<!DOCTYPE[^<>]*>?/.exec(text.slice(failure.from))?.[0] ?? '';
    return {
      text,
      places,
      problems: [problem(message, failure.from, failure.from + length, 'doctype')],
    };
  }
  const root = scanXml(text, places);
  if (failure === undefined && root !== undefined) return { text, places, root, problems: [] };
  const { kind, words: said, from, to } = failure ?? noElement;
  const open = kind === 'notClosed' && root !== undefined ? unclosedBefore(root, from) : undefined;
  const words = open === undefined ? said : notClosedWords(open);
  const fixes = open === undefined ? {} : { fixes: [closing(open, from, text, places)] };
  const notXml = { ...problem(sentence`Not well-formed XML: ${words}.`, from, to), ...fixes };
  return { text, places, ...(root !== undefined && { root }), problems: [notXml] };
}

/** A name of letters that few know is one to XML and none to our scanner. */
const noElement = { kind: 'notWellFormed', words: sentence`there is no element`, from: 0, to: 0 } as const;

function notClosedWords(open: XmlElement): Sentence {
  const name = qualifiedName(open);
  return sentence`<${name}> of line ${open.nameRange.start.line + 1} is not closed with </${name}>`;
}

/** Closes an element: behind its value when it holds one, else before the end tag that comes too early, or at the end. */
function closing(open: XmlElement, from: number, text: string, places: TextPlaces): Way {
  const tag = `</${qualifiedName(open)}>`;
  const next = text.indexOf('<', open.contentStart);
  const value = text.slice(open.contentStart, next < 0 ? text.length : next).trimEnd();
  const end = text.startsWith('</', from) ? from : text.trimEnd().length;
  const at = value.trim() === '' ? end : open.contentStart + value.length;
  const range = places.range(at, at);
  return { title: sentence`Close it with ${tag}`, edits: [{ range, newText: tag }] };
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
