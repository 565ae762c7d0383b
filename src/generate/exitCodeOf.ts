import { DefinitionError } from '../appliance/text/definitionError.ts';
import { PushConflict } from './push.ts';
import { UnreadableFile } from '../appliance/find/readRegularFile.ts';
import { BuilderChoiceError } from '../appliance/request/fromTemplate.ts';
import { ArchiveError } from '../appliance/archive/unpackTemplate.ts';
import { UForgeError } from '../uforge/errors.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { InputError } from './inputError.ts';

const wrongInput = [
  InputError,
  UnreadableFile,
  DefinitionError,
  PushConflict,
  BuilderChoiceError,
  ArchiveError,
];

/** The exit code an error stands for; `failed` for one nobody expected. */
export function exitCodeOf(error: unknown): ExitCode {
  if (wrongInput.some((type) => error instanceof type)) return exitCodes.input;
  if (!(error instanceof UForgeError)) return exitCodes.failed;
  // The server understood and says that what was sent is wrong, or names what does not exist.
  return error.kind === 'invalid' || error.kind === 'notFound' ? exitCodes.input : exitCodes.server;
}
