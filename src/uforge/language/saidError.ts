import type { Sentence } from './sentence.ts';

/** An error whose message is a sentence for a person, which can be told in any of our languages. */
export class SaidError extends Error {
  readonly said: Sentence;

  constructor(said: Sentence, options?: ErrorOptions) {
    super(said.toString(), options);
    this.said = said;
  }
}
