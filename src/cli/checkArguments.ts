/** `check FILE…`: what is asked for. */
export interface CheckArguments {
  readonly command: 'check';
  readonly files: readonly string[];
  readonly format: 'text' | 'json' | 'sarif';
  /** Warnings count as errors. */
  readonly strict: boolean;
  /** Folders outside the template's whose files may be packed. */
  readonly allowOutside: readonly string[];
}
