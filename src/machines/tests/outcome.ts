import type { Test } from '../../appliance/template/model/template.ts';
import type { Sentence } from '../../uforge/language/sentence.ts';

/** How a check went. `notRun`: nobody can say, and `said` why. */
export interface Outcome {
  readonly test: Test;
  /** Its place among the checks, from 0. */
  readonly index: number;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'notRun';
  /** What was found; of one that has not passed, what is wrong. */
  readonly said: Sentence;
  /** What was seen: a command's output, a body, a unit's status. */
  readonly output: string;
  readonly durationMs: number;
  /** The console's last lines at that moment, of one that has not passed. */
  readonly console?: string;
}

/** Whether the image is what its template says. */
export function isGood(outcomes: readonly Outcome[]): boolean {
  return outcomes.length > 0 && outcomes.every(({ state }) => state === 'passed');
}
