import { homedir } from 'node:os';
import { join } from 'node:path';
import { variables } from '../generate/variables.ts';
import type { Clock } from '../uforge/clock.ts';
import type { Output } from './reporter.ts';

/** A terminal that can hand on every key. */
export type Keyboard = Pick<
  NodeJS.ReadStream,
  'isTTY' | 'setRawMode' | 'setEncoding' | 'on' | 'off' | 'pause'
>;

/** Everything the command line takes from the process it runs in. */
export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly errors: Output;
  /** Where somebody types, if at all. */
  readonly keyboard?: Keyboard;
  readonly clock: Clock;
  /** The local forge's program. */
  readonly forgeScript: string;
  /** The local forge's folder, and what is remembered here. */
  readonly dataDir: string;
  /** Aborted with `Interrupted` by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** `APPLIANCE_FORGE_DATA`, else where such data belongs: `XDG_DATA_HOME`, or `~/.local/share`. */
export function dataDirOf(env: Environment['env']): string {
  const chosen = env[variables.data] ?? '';
  if (chosen !== '') return chosen;
  const xdg = env['XDG_DATA_HOME'] ?? '';
  // The specification says that a path that is not absolute is to be ignored.
  return join(xdg.startsWith('/') ? xdg : join(homedir(), '.local', 'share'), 'appliance-forge');
}
