import { formatProblem, told, type Finding, type Problem } from './problem.ts';

/** A definition can't be used. The message names file, line and remedy of the first error. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly file: string;
  readonly findings: readonly Finding[];

  constructor(file: string, findings: readonly Finding[]) {
    const problems = told(findings);
    const errors = problems.filter((problem) => problem.severity === 'error');
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    super(first === undefined ? `${file} can’t be used.` : formatProblem(first, file) + more);
    this.file = file;
    this.findings = findings;
  }

  get problems(): readonly Problem[] {
    return told(this.findings);
  }
}
