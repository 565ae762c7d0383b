import type { Sentence } from '../../uforge/language/sentence.ts';

/** What a look at the machine has shown. */
export interface Seen {
  readonly ok: boolean;
  readonly said: Sentence;
  readonly output: string;
}
