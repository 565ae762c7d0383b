import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupRuns, sendToGroup } from './processes.ts';
import { root } from './root.ts';

export interface GroupOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  stdio?: StdioOptions;
  /** Aborting it takes the group down. */
  signal?: AbortSignal;
}

/** How a process ended. `code` is null when a signal ended it. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * A process in a group of its own, which is taken down as a whole: SIGTERM, and SIGKILL five seconds later.
 */
export class Group implements AsyncDisposable {
  readonly child: ChildProcess;
  /** Settles when the first process of the group has ended and its output has been read. */
  readonly exited: Promise<Exit>;

  constructor(command: string, args: readonly string[], options: GroupOptions = {}) {
    const { signal, ...rest } = options;
    this.child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      ...rest,
      detached: process.platform !== 'win32', // there it would open a window of its own
    });
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, how) => resolve({ code, signal: how }));
    });
    this.exited.catch(() => undefined); // whoever awaits it gets the error
    const stop = () => void this.stop();
    signal?.addEventListener('abort', stop, { once: true });
    this.child.once('close', () => signal?.removeEventListener('abort', stop));
    if (signal?.aborted) stop();
  }

  /** Ends every process of the group and resolves when none is left. */
  async stop(): Promise<void> {
    const group = this.child.pid;
    if (group === undefined) return;
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (!groupRuns(group)) return;
      sendToGroup(group, signal);
      for (let waited = 0; waited < 5000 && groupRuns(group); waited += 50) await sleep(50);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Runs a command with its output shown and resolves to its exit code; nothing of it stays behind. */
export async function runGroup(
  command: string,
  args: readonly string[],
  options: GroupOptions = {},
): Promise<number> {
  await using group = new Group(command, args, options);
  const { code } = await group.exited;
  options.signal?.throwIfAborted();
  return code ?? 1;
}
