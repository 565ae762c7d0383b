import { sentence, type Part, type Sentence } from '../language/sentence.ts';
/** Why a text is no XML document we read, and what in it that is about. */
export interface XmlFailure {
  /** `notClosed`: an end tag that is missing or another one's. */
  readonly kind: 'notWellFormed' | 'notClosed' | 'tooDeep' | 'doctype';
  /** The rest of a sentence, without a full stop. */
  readonly words: Sentence;
  /** Offset of its first character. */
  readonly from: number;
  /** Offset behind its last character. */
  readonly to: number;
}

interface Rules {
  /** Nested elements. */
  readonly maxDepth: number;
  /** Passes over characters that XML does not have, written as they are or as `&#27;`. */
  readonly anyCharacter: boolean;
}

/**
 * The first thing that makes a text no XML 1.0 document, and a document type, which we never read. A byte
 * order mark is not expected here, and prefixes are not looked up. Stricter than XML in one thing: a
 * quotation mark in a processing instruction has to be closed, because fast-xml-parser reads on to the next
 * one else.
 */
export function firstFailure(text: string, rules: Rules): XmlFailure | undefined {
  const failure = new Scanner(text, rules).scan();
  const wrong = rules.anyCharacter ? -1 : text.search(noCharacter);
  return wrong < 0 || (failure !== undefined && failure.from <= wrong)
    ? failure
    : notWellFormed(sentence`this character can not be in an XML document`, wrong, wrong + 1);
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split(/\r\n?|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const noCharacter = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const nameStart =
  ':A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFEFE\\uFF00-\\uFFFD\\u{10000}-\\u{EFFFF}';
const name = `([${nameStart}][\\u0300-\\u036F${nameStart}\\-.0-9\\xB7\\u203F-\\u2040]*)`;
const space = '[ \\t\\r\\n]';
const declaration = [
  `<\\?xml${space}+version${space}*=${space}*(?:"1\\.[0-9]+"|'1\\.[0-9]+')`,
  `(?:${space}+encoding${space}*=${space}*(?:"[A-Za-z][\\w.\\-]*"|'[A-Za-z][\\w.\\-]*'))?`,
  `(?:${space}+standalone${space}*=${space}*(?:"(?:yes|no)"|'(?:yes|no)'))?${space}*\\?>`,
].join('');
const reference = /^&(?:amp|lt|gt|quot|apos|#\d{1,20}|#x[\dA-Fa-f]{1,20});$/;

/** Where the next piece starts, or what is wrong with this one. */
type Step = number | XmlFailure;

class Scanner {
  readonly #text: string;
  readonly #rules: Rules;
  readonly #open: string[] = [];
  #hasRoot = false;
  readonly #declaration = new RegExp(declaration, 'yu');
  readonly #instruction = new RegExp(`<\\?${name}(?=${space}|\\?>)`, 'yu');
  readonly #startTag = new RegExp(`<${name}`, 'yu');
  readonly #attribute = new RegExp(`${space}+${name}${space}*=${space}*(["'])`, 'yu');
  readonly #startTagEnd = new RegExp(`${space}*(/?)>`, 'yu');
  readonly #endTag = new RegExp(`</${name}${space}*>`, 'yu');

  constructor(text: string, rules: Rules) {
    this.#text = text;
    this.#rules = rules;
  }

  scan(): XmlFailure | undefined {
    for (let at = 0; at < this.#text.length;) {
      const step = this.#piece(at);
      if (typeof step !== 'number') return step;
      at = step;
    }
    const { length } = this.#text;
    const open = this.#open.at(-1);
    if (open !== undefined)
      return notClosed(sentence`<${open}> is not closed`, Math.max(length - 1, 0), length);
    return this.#hasRoot ? undefined : notWellFormed(sentence`there is no element`, 0, length);
  }

  #piece(at: number): Step {
    const starts = (token: string): boolean => this.#text.startsWith(token, at);
    if (!starts('<')) return this.#characters(at);
    if (starts('</')) return this.#closing(at);
    if (starts('<!--')) return this.#comment(at);
    if (starts('<![CDATA[') && this.#open.length > 0)
      return this.#upTo(']]>', at, sentence`the CDATA section`);
    if (starts('<!DOCTYPE')) return { kind: 'doctype', words: sentence`it has a DTD`, from: at, to: at + 9 };
    if (starts('<?')) return this.#processing(at);
    return this.#opening(at);
  }

  #characters(at: number): Step {
    const next = this.#text.indexOf('<', at);
    const end = next < 0 ? this.#text.length : next;
    if (this.#open.length > 0) return this.#values(at, end, /\]\]>|&[^&;]*;?/g) ?? end;
    const outside = this.#text.slice(at, end).search(/[^ \t\r\n]/);
    return outside < 0
      ? end
      : notWellFormed(sentence`there is text outside of the element`, at + outside, at + outside + 1);
  }

  #comment(at: number): Step {
    const end = this.#upTo('--', at + 4, sentence`the comment`);
    if (typeof end !== 'number' || this.#text[end] === '>') return typeof end === 'number' ? end + 1 : end;
    return notWellFormed(sentence`"--" can not be in a comment`, end - 2, end);
  }

  #processing(at: number): Step {
    if (at === 0 && this.#match(this.#declaration, 0)) return this.#declaration.lastIndex;
    const target = this.#match(this.#instruction, at)?.[1];
    if (target === undefined || target.toLowerCase() === 'xml') {
      return notWellFormed(sentence`the XML declaration is wrong, or not at the start`, at, at + 2);
    }
    const end = this.#upTo('?>', at, sentence`the processing instruction`);
    if (typeof end !== 'number' || !/["']/.test(this.#text.slice(at, end).replace(/"[^"]*"|'[^']*'/g, ''))) {
      return end;
    }
    return notWellFormed(sentence`a quotation mark in the processing instruction is not closed`, at, end);
  }

  #opening(at: number): Step {
    const tag = this.#match(this.#startTag, at)?.[1];
    if (tag === undefined) return notWellFormed(sentence`"<" must be written &lt;`, at, at + 1);
    if (this.#open.length === 0 && this.#hasRoot) {
      return notWellFormed(
        sentence`there is a second element behind the first`,
        at,
        this.#startTag.lastIndex,
      );
    }
    if (this.#open.length >= this.#rules.maxDepth) {
      const words = sentence`its elements are nested deeper than ${this.#rules.maxDepth}`;
      return { kind: 'tooDeep', words, from: at, to: this.#startTag.lastIndex };
    }
    this.#hasRoot = true;
    const end = this.#attributes(this.#startTag.lastIndex);
    if (typeof end !== 'number') return end;
    const closed = this.#match(this.#startTagEnd, end)?.[1];
    if (closed === undefined) {
      const to = Math.min(end + 1, this.#text.length);
      return notWellFormed(sentence`the tag <${tag}> is not well-formed`, to - 1, to);
    }
    if (closed === '') this.#open.push(tag);
    return this.#startTagEnd.lastIndex;
  }

  #attributes(start: number): Step {
    const names = new Set<string>();
    let at = start;
    for (let found = this.#match(this.#attribute, at); found; found = this.#match(this.#attribute, at)) {
      const [, attribute = '', quote = ''] = found;
      const from = this.#attribute.lastIndex;
      if (names.has(attribute))
        return notWellFormed(sentence`the attribute ${attribute} is repeated`, at, from);
      names.add(attribute);
      const end = this.#upTo(quote, from, sentence`the value of ${attribute}`);
      if (typeof end !== 'number') return end;
      const wrong = this.#values(from, end, /<|&[^&;]*;?/g);
      if (wrong !== undefined) return wrong;
      at = end;
    }
    return at;
  }

  #closing(at: number): Step {
    const tag = this.#match(this.#endTag, at)?.[1];
    if (tag === undefined) return notWellFormed(sentence`this end tag is not well-formed`, at, at + 2);
    const open = this.#open.pop();
    const end = this.#endTag.lastIndex;
    if (open === tag) return end;
    const words =
      open === undefined ? sentence`</${tag}> closes nothing` : sentence`</${tag}> does not close <${open}>`;
    return notClosed(words, at, end);
  }

  /** What of a value is neither itself nor a reference. */
  #values(from: number, to: number, special: RegExp): XmlFailure | undefined {
    for (const { 0: found, index } of this.#text.slice(from, to).matchAll(special)) {
      if (reference.test(found) && (this.#rules.anyCharacter || !noCharacter.test(characterOf(found))))
        continue;
      return notWellFormed(wordsFor(found), from + index, from + index + found.length);
    }
    return undefined;
  }

  #upTo(end: string, from: number, what: Part): Step {
    const at = this.#text.indexOf(end, from);
    return at < 0 ? notWellFormed(sentence`${what} does not end`, from, this.#text.length) : at + end.length;
  }

  #match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.#text);
  }
}

function characterOf(found: string): string {
  const [, x, digits] = /^&#(x?)([\dA-Fa-f]+);$/.exec(found) ?? [];
  const code = digits === undefined ? 32 : parseInt(digits, x === 'x' ? 16 : 10);
  return code > 0x10ffff ? '\0' : String.fromCodePoint(code);
}

function wordsFor(found: string): Sentence {
  if (found === '<') return sentence`"<" must be written &lt;`;
  if (found === ']]>') return sentence`"]]>" must be written ]]&gt;`;
  return found.endsWith(';') ? sentence`there is no entity ${found}` : sentence`"&" must be written &amp;`;
}

function notWellFormed(words: Sentence, from: number, to: number): XmlFailure {
  return { kind: 'notWellFormed', words, from, to };
}

function notClosed(words: Sentence, from: number, to: number): XmlFailure {
  return { kind: 'notClosed', words, from, to };
}
