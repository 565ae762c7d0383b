import { spawnSync } from 'node:child_process';

/** The machine lacks something that set-up could not bring; the message says what to do. */
export class SetupError extends Error {}

/** Says on stderr what set-up is doing. */
export const say = (text) => process.stderr.write(`set-up: ${text}\n`);

/** Runs a tool with its output on stderr; a failure stops the set-up with that tool's name. */
export function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], ...options });
  if (error) throw new SetupError(`set-up: ${command} could not be started: ${error.message}`);
  if (status !== 0) throw new SetupError(`set-up: “${[command, ...args].join(' ')}” failed (see above).`);
}
