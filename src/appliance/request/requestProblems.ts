import { mostProblems, type Way, type Finding, type Range } from '../text/problem.ts';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';

/** What is wrong in a request, as much of it as anybody looks through. */
export class RequestProblems {
  readonly found: Finding[] = [];
  #errors = 0;
  #warnings = 0;

  /** Nothing more is read: what is missing may be what was passed over. */
  get isEnough(): boolean {
    return this.#errors >= mostProblems;
  }

  add(
    severity: Finding['severity'],
    message: Sentence,
    range: Range,
    code: string,
    ...fixes: readonly (Way | undefined)[]
  ): void {
    const isError = severity === 'error';
    if (isError ? this.isEnough : this.#warnings >= mostProblems) return;
    if (isError) this.#errors++;
    else this.#warnings++;
    const known = fixes.filter((fix) => fix !== undefined);
    this.found.push({ message, severity, range, code, ...(known.length > 0 && { fixes: known }) });
    if (!isError || !this.isEnough) return;
    const more = sentence`Mend these ${mostProblems} errors first: what comes behind them is not read.`;
    this.found.push({ message: more, severity: 'error', range, code: 'too-many' });
  }
}
