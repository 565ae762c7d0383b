import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';

/** What the codes of the parser mean, as sentences without a full stop. */
const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This is no value',
  InvalidNumberFormat: 'This is no number',
  PropertyNameExpected: 'A key in quotation marks is missing',
  ValueExpected: 'A value is missing',
  ColonExpected: 'A “:” is missing',
  CommaExpected: 'A “,” is missing',
  CloseBraceExpected: 'A “}” is missing',
  CloseBracketExpected: 'A “]” is missing',
  EndOfFileExpected: 'This is behind the end',
  InvalidCommentToken: 'There are no comments',
  UnexpectedEndOfComment: 'There are no comments',
  UnexpectedEndOfString: 'A text is not closed with a quotation mark',
  UnexpectedEndOfNumber: 'This is no number',
  InvalidUnicode: 'Behind “\\u” there must be four hexadecimal digits',
  InvalidEscapeCharacter: 'A “\\” in a text is written “\\\\”',
  InvalidCharacter: 'A control character must be escaped',
};

/** The first thing that is no JSON, as strict as `JSON.parse` is, with its offset. */
export function jsonFailure(text: string): { readonly words: string; readonly at: number } | undefined {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first === undefined) return undefined;
  return { words: sentences[printParseErrorCode(first.error)] ?? 'This is no value', at: first.offset };
}
