import type { Sentence, Translations } from '../../uforge/language/sentence.ts';

/** A place in a text, counted as editors count: both from 0, `character` in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** From `start` up to, not including, `end`. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The very beginning of a text: where a problem is that has no other place. */
export const beginning: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A piece of a text and what to put in its place. An empty range inserts. */
export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

/** One way out of a problem. Its edits don't overlap and are made all at once. */
export interface Fix<Text = string> {
  /** What it does, as an order: `Rename to “compress”`. */
  readonly title: Text;
  readonly edits: readonly TextEdit[];
  /** A choice that only the person can make: not made when everything is fixed at once. */
  readonly choice?: true;
}

/** Something wrong or doubtful in a definition, with the place it is at. An `error` keeps a request from being sent. */
export interface Problem<Text = string> {
  /** A sentence for a person: what is wrong and what would be right. */
  readonly message: Text;
  readonly severity: 'error' | 'warning';
  readonly range: Range;
  /** Stable and in kebab case, for quick fixes and tests: `unknown-element`. */
  readonly code: string;
  /** Ways out, the likeliest first. */
  readonly fixes?: readonly Fix<Text>[];
  /** Path of the file, where the reader of the problem can't know it. */
  readonly file?: string;
}

/** A problem as the checks note it, and a way out of it: in no language yet. */
export type Finding = Problem<Sentence>;
export type Way = Fix<Sentence>;

/** Findings as they are shown and sent: in the words of one language, of English without translations. */
export function told(findings: readonly Finding[], translations?: Translations): Problem[] {
  return findings.map(({ fixes, ...finding }) => ({
    ...finding,
    message: finding.message.in(translations),
    ...(fixes && { fixes: fixes.map((fix) => ({ ...fix, title: fix.title.in(translations) })) }),
  }));
}

/** As many as anybody looks through; what else is wrong is told when these are mended. */
export const mostProblems = 100;

/** Whether these problems forbid going on. */
export function hasErrors(problems: readonly Pick<Problem, 'severity'>[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

/** `file:line:column: error: message`, counted from 1 as compilers do, for terminals and logs. */
export function formatProblem(problem: Problem, file = problem.file ?? ''): string {
  const { line, character } = problem.range.start;
  const place = `${file}${file ? ':' : ''}${line + 1}:${character + 1}`;
  return `${place}: ${problem.severity}: ${problem.message}`;
}

/** What stands before a sentence about a line of a file, counted from 1: `template.yml:12: `. */
export function placeIn(file: string, { start }: Range): string {
  return `${file}:${start.line + 1}: `;
}
