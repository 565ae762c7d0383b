import { mostProblems, type Way, type Finding } from '../../text/problem.ts';
import { closest, didYouMean } from '../../text/suggest.ts';
import { subject, type TemplatePath, type TemplatePlaces } from '../model/path.ts';
import { sentence, type Part, type Sentence } from '../../../uforge/language/sentence.ts';

/**
 * What the rules of the template language note their findings with. Every message begins with the path of what it is
 * about, so that it can be understood without the text beside it: in a status, in a log.
 */
export class RuleContext {
  readonly problems: Finding[] = [];
  readonly rangeAt: TemplatePlaces['rangeAt'];
  readonly additionAt: TemplatePlaces['additionAt'];

  constructor({ rangeAt, additionAt }: TemplatePlaces) {
    this.rangeAt = rangeAt;
    this.additionAt = additionAt;
  }

  error(path: TemplatePath, says: Sentence, code: string, fix?: Way): void {
    this.#add('error', path, says, code, fix);
  }

  warn(path: TemplatePath, says: Sentence, code: string, fix?: Way): void {
    this.#add('warning', path, says, code, fix);
  }

  /** `Did you mean “x”?` of names the template itself has, while anybody reads on: each is compared with each. */
  didYouMean(word: string, names: Iterable<string>): Part {
    return this.problems.length < mostProblems ? didYouMean(closest(word, names)) : '';
  }

  #add(severity: Finding['severity'], path: TemplatePath, says: Sentence, code: string, fix?: Way): void {
    const message = sentence`${subject(path)} ${says}`;
    this.problems.push({ severity, message, code, range: this.rangeAt(path), ...(fix && { fixes: [fix] }) });
  }
}

/** Calls `found` for every item whose key an earlier one has. */
export function duplicates<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
  found: (index: number, key: string) => void,
): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    const key = keyOf(item);
    if (key === undefined) return;
    if (seen.has(key)) found(index, key);
    seen.add(key);
  });
}
