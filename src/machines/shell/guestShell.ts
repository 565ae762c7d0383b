import { setTimeout as wait } from 'node:timers/promises';
import { sentence } from '../../uforge/language/sentence.ts';
import { MachineError } from '../machineError.ts';
import type { GuestShell, Machine } from '../model.ts';
import { loginOnConsole, prompt } from './consoleShell.ts';
import { connectWithSsh } from './sshShell.ts';

/** Who may log in with a password, as the template has it. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Longer than the slowest start that works: an emulated processor on a busy computer. */
const startMs = 900_000;
/** What SSH needs at most to be there, too, once the console asks who is there. */
const graceMs = 60_000;

/**
 * Root's shell in a machine, once it lets anybody in: over SSH with the machine's own key; where the image does not take
 * it, on the console with a password.
 * @throws {MachineError} `input` where there is no way in, else why there is none yet
 */
export async function openShell(
  machine: Machine,
  login: Login | undefined,
  signal?: AbortSignal,
): Promise<GuestShell> {
  const { access, console } = machine;
  const limits = { timeoutMs: startMs, ...(signal && { signal }) };
  if (access === undefined) return login === undefined ? noWay() : loginOnConsole(console, login, limits);
  const enough = new AbortController();
  const either = AbortSignal.any([enough.signal, ...(signal ? [signal] : [])]);
  const overSsh = connectWithSsh(machine, access, { ...limits, signal: either });
  // A machine without a serial console never asks: SSH's own time decides then.
  const asked = console
    .until(prompt, { ...limits, signal: either })
    .then(() => wait(graceMs, undefined, { signal: either }));
  try {
    const first = await Promise.race([overSsh, asked]);
    if (first !== undefined) return first;
  } finally {
    overSsh.catch(() => undefined);
    asked.catch(() => undefined);
    enough.abort();
  }
  return login === undefined ? noWay() : loginOnConsole(console, login, limits);
}

function noWay(): never {
  throw new MachineError(
    'input',
    sentence`There is no way into the machine: it does not take the key that was made for it, and the template has no password of root that can be read.`,
  );
}

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
