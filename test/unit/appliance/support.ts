import type { Problem } from '../../../src/appliance/text/problem.ts';

/** A problem as `line:column code «what is marked»`, counted from 1. */
export function marked(problem: Problem, text: string): string {
  const { start, end } = problem.range;
  const line = text.split(/\r\n|\n/)[start.line] ?? '';
  const what = line.slice(start.character, end.line === start.line ? end.character : undefined);
  const warning = problem.severity === 'warning' ? 'warning ' : '';
  return `${start.line + 1}:${start.character + 1} ${warning}${problem.code} «${what}»`;
}
