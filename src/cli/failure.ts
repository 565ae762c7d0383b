import { OutsideSourcesRefused } from '../appliance/archive/packTemplate.ts';
import { DefinitionError } from '../appliance/text/definitionError.ts';
import { formatProblem } from '../appliance/text/problem.ts';
import { PushConflict } from '../generate/push.ts';
import { BuilderChoiceError } from '../appliance/request/fromTemplate.ts';
import { MachineError } from '../machines/index.ts';
import { LaunchError } from '../forge/process/launch.ts';
import { exitCodeOf } from '../generate/exitCodeOf.ts';
import { exitCodes, type ExitCode } from '../generate/exitCodes.ts';
import { messageOf } from '../uforge/messageOf.ts';

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
  const message = messageOf(error);
  const code = exitCodeFrom(error);
  return new Failure(code, message + remedyOf(error), detailOf(error, code));
}

function exitCodeFrom(error: unknown): ExitCode {
  if (error instanceof LaunchError) return exitCodes.server;
  if (!(error instanceof MachineError)) return exitCodeOf(error);
  return error.kind === 'input' ? exitCodes.input : exitCodes.machine;
}

/** What this program has beyond what the error says can be done. */
function remedyOf(error: unknown): string {
  if (error instanceof OutsideSourcesRefused)
    return ' Or, if whoever gets the image may have it: add --allow-outside FOLDER.';
  if (error instanceof PushConflict) return ' Or let this program replace it: add --replace.';
  return error instanceof BuilderChoiceError ? ' Use --format NAME.' : '';
}

function detailOf(error: unknown, code: ExitCode): string {
  if (!(error instanceof Error)) return '';
  if (error instanceof DefinitionError) {
    const lines = error.problems.map((problem) => formatProblem(problem, error.file));
    return lines.length > 1 ? lines.join('\n') : '';
  }
  if ('detail' in error && typeof error.detail === 'string') return error.detail;
  // Nobody expected it.
  return code === exitCodes.failed ? (error.stack ?? '') : '';
}
