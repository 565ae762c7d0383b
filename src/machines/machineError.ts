import { SaidError } from '../uforge/language/saidError.ts';
import type { Sentence } from '../uforge/language/sentence.ts';

/**
 * Why there is no machine, or why it does not do what was asked. `input`: the file or what was asked for is wrong;
 * `missing`: a program is not on this computer; `timeUp`, `hopeless`, `ended`: what was waited for won't come; `failed`:
 * the rest.
 */
export type MachineErrorKind = 'input' | 'missing' | 'timeUp' | 'hopeless' | 'ended' | 'failed';

export class MachineError extends SaidError {
  override readonly name = 'MachineError';
  readonly kind: MachineErrorKind;
  /** What a program said, or the console's last lines; may be empty. */
  readonly detail: string;

  constructor(kind: MachineErrorKind, said: Sentence, detail = '') {
    super(said);
    this.kind = kind;
    this.detail = detail;
  }
}
