import { mostProblems, type Fix, type Problem, type Range } from '../text/problem.ts';

/** What is wrong in a request, as much of it as anybody looks through. */
export class RequestProblems {
  readonly found: Problem[] = [];
  #errors = 0;
  #warnings = 0;

  /** Nothing more is read: what is missing may be what was passed over. */
  get isEnough(): boolean {
    return this.#errors >= mostProblems;
  }

  add(
    severity: Problem['severity'],
    message: string,
    range: Range,
    code: string,
    ...fixes: readonly (Fix | undefined)[]
  ): void {
    const isError = severity === 'error';
    if (isError ? this.isEnough : this.#warnings >= mostProblems) return;
    if (isError) this.#errors++;
    else this.#warnings++;
    const known = fixes.filter((fix) => fix !== undefined);
    this.found.push({ message, severity, range, code, ...(known.length > 0 && { fixes: known }) });
    if (!isError || !this.isEnough) return;
    const more = `Mend these ${mostProblems} errors first: what comes behind them is not read.`;
    this.found.push({ message: more, severity: 'error', range, code: 'too-many' });
  }
}
