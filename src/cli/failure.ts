import { OutsideSourcesRefused } from '../appliance/archive/archive.ts';
import { DefinitionError } from '../appliance/text/definitionError.ts';
import { formatProblem } from '../appliance/text/problem.ts';
import { PushConflict } from '../generate/push.ts';
import { UnreadableFile } from '../appliance/find/readRegularFile.ts';
import { BuilderChoiceError } from '../appliance/request/fromTemplate.ts';
import { ArchiveError } from '../appliance/archive/unpack.ts';
import { LaunchError } from '../forge/process/launch.ts';
import { InputError } from '../generate/inputError.ts';
import { UForgeError } from '../uforge/errors.ts';
import { exitCodeOf } from '../generate/exitCodeOf.ts';
import { exitCodes, type ExitCode } from '../generate/exitCodes.ts';

/** Why there is no image: the sentence, what stands behind it, and what the program ends with. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;
  /** Raw, without secrets; may be empty. */
  readonly detail: string;

  constructor(exitCode: ExitCode, message: string, detail = '') {
    super(message);
    this.exitCode = exitCode;
    this.detail = detail;
  }
}

/** Somebody pressed Ctrl-C, or the system asks to stop. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor() {
    super('Interrupted.');
  }
}

/** What an error means for whoever started the program. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Interrupted) return new Failure(exitCodes.interrupted, error.message);
  if (error instanceof InputError || error instanceof UnreadableFile) {
    return new Failure(exitCodes.input, error.message);
  }
  if (error instanceof DefinitionError) {
    const all = error.problems.map((problem) => formatProblem(problem, error.file)).join('\n');
    const remedy =
      error instanceof OutsideSourcesRefused
        ? ' Or, if whoever gets the image may have it: add --allow-outside FOLDER.'
        : '';
    return new Failure(exitCodes.input, error.message + remedy, error.problems.length > 1 ? all : '');
  }
  if (error instanceof PushConflict) {
    return new Failure(exitCodes.input, `${error.message} Or let this program replace it: add --replace.`);
  }
  if (error instanceof BuilderChoiceError) {
    return new Failure(exitCodes.input, `${error.message} Use --format NAME.`);
  }
  if (error instanceof ArchiveError) return new Failure(exitCodes.input, error.message, error.detail);
  if (error instanceof LaunchError) return new Failure(exitCodes.server, error.message, error.detail);
  if (error instanceof UForgeError) return new Failure(exitCodeOf(error), error.message, error.detail);
  const message = error instanceof Error ? error.message : String(error);
  return new Failure(exitCodes.failed, message, error instanceof Error ? (error.stack ?? '') : '');
}
