import type { Problem } from '../appliance/text/problem.ts';
import type { Downloaded } from '../uforge/download/download.ts';
import type { Outcome } from '../machines/index.ts';
import type { Failure } from './failure.ts';

/** How far something is: 0 to 100. */
export interface Progress {
  readonly stage: string;
  readonly percentage: number;
}

/**
 * Tells whoever started the program how it goes. Standard output, in order; what went wrong on standard
 * error.
 */
export interface Reporter {
  problem(file: string, problem: Problem): void;
  /** Something has begun, or is worth knowing. */
  note(message: string): void;
  /** The server has a ticket now: its URI there. */
  ticket(uri: string): void;
  progress(progress: Progress): void;
  /** Something else than a file is there: as text, and what a program has to know of it. */
  ended(text: string, facts: object): void;
  /** A check of the image has been made, one of so many. */
  outcome(outcome: Outcome, total: number): void;
  done(image: FinishedImage): void;
  fail(failure: Failure): void;
}

/** The file that was made, or tested. */
export type FinishedImage = Pick<Downloaded, 'path'> & Partial<Downloaded>;

/** Where text goes. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}
