import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

/** What the codes of the parser mean, as sentences without a full stop. */
const sentences: Readonly<Record<string, Sentence>> = {
  InvalidSymbol: sentence`This is no value`,
  InvalidNumberFormat: sentence`This is no number`,
  PropertyNameExpected: sentence`A key in quotation marks is missing`,
  ValueExpected: sentence`A value is missing`,
  ColonExpected: sentence`A “:” is missing`,
  CommaExpected: sentence`A “,” is missing`,
  CloseBraceExpected: sentence`A “}” is missing`,
  CloseBracketExpected: sentence`A “]” is missing`,
  EndOfFileExpected: sentence`This is behind the end`,
  InvalidCommentToken: sentence`There are no comments`,
  UnexpectedEndOfComment: sentence`There are no comments`,
  UnexpectedEndOfString: sentence`A text is not closed with a quotation mark`,
  UnexpectedEndOfNumber: sentence`This is no number`,
  InvalidUnicode: sentence`Behind “\\u” there must be four hexadecimal digits`,
  InvalidEscapeCharacter: sentence`A “\\” in a text is written “\\\\”`,
  InvalidCharacter: sentence`A control character must be escaped`,
};

/** The first thing that is no JSON, as strict as `JSON.parse` is, with its offset. */
export function jsonFailure(text: string): { readonly words: Sentence; readonly at: number } | undefined {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first === undefined) return undefined;
  return {
    words: sentences[printParseErrorCode(first.error)] ?? sentence`This is no value`,
    at: first.offset,
  };
}
