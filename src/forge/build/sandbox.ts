import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How many of the last lines a failed tool keeps. */
const keptLines = 40;

/** A tool that ended with something else than 0. `lines` are the last things it said. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly lines: readonly string[];

  constructor(message: string, lines: readonly string[]) {
    super(message);
    this.lines = lines;
  }
}

export interface SandboxOptions {
  /** What the script may use as `$NAME`: scripts are constants, values never become part of their text. */
  readonly env?: Readonly<Record<string, string>>;
  /** Becomes the script's standard input: the way for a secret. */
  readonly input?: string;
  /** Standard output is returned only, not logged. */
  readonly capture?: boolean;
  /** Each line of standard output and error, also those that end in a carriage return. */
  readonly onLine?: (line: string) => void;
  /** Ends this script only; what is going on when it does rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Each line the script's tools write to file descriptor 3, such as apt's status lines. */
  readonly onStatus?: (line: string) => void;
}

/**
 * Where every tool of a build runs: a process group with its own process, mount and host name spaces, in which a
 * normal user is root over a range of subordinate ids. Killing it ends everything in it at once, and its mounts
 * are gone with it. It dies with the forge, too.
 */
export class Sandbox {
  readonly #signal: AbortSignal;
  readonly #log: (line: string) => void;

  constructor(signal: AbortSignal, log: (line: string) => void) {
    this.#signal = signal;
    this.#log = log;
  }

  /**
   * Runs a bash script (errexit, nounset, pipefail) and resolves with its standard output. Rejects with a
   * `ToolError`, or with the signal's reason once everything the script started is dead.
   */
  async run(script: string, options: SandboxOptions = {}): Promise<string> {
    const signal = AbortSignal.any([this.#signal, ...(options.signal === undefined ? [] : [options.signal])]);
    signal.throwIfAborted();
    const [command, args] = commandLine(script);
    const child = spawn(command, args, {
      detached: true,
      cwd: '/',
      env: { ...sandboxEnvironment(process.env), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    const kill = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
    };
    signal.addEventListener('abort', kill, { once: true });
    try {
      const said: string[] = [];
      const output: string[] = [];
      const hear = (line: string, captured: boolean): void => {
        if (captured) output.push(line);
        options.onLine?.(line);
        if (line.trim() === '') return;
        said.push(line);
        if (said.length > keptLines) said.shift();
        if (!captured || options.capture !== true) this.#log(line);
      };
      lines(child.stdout, (line) => hear(line, true));
      lines(child.stderr, (line) => hear(line, false));
      lines(child.stdio[3] as Readable, (line) => options.onStatus?.(line));
      // A tool that ends before it has read its input isn't an error of ours.
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input ?? '');
      const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
      signal.throwIfAborted();
      if (code !== 0) {
        const how =
          code === null ? `was killed (${killedBy ?? 'unknown signal'})` : `ended with exit code ${code}`;
        throw new ToolError(`A tool of the build ${how}.`, said);
      }
      return output.join('\n');
    } finally {
      signal.removeEventListener('abort', kill);
      kill();
    }
  }
}

/** Root needs no user name space; a normal user maps its subordinate ids (package uidmap). */
function commandLine(script: string): [string, string[]] {
  const asUser = process.getuid?.() === 0 ? [] : ['--map-root-user', '--map-auto'];
  const unshare = [
    'unshare',
    ...asUser,
    '--mount',
    '--uts',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  // Without these, bash takes Node's socket for a remote shell and reads the computer's bashrc.
  const bash = ['bash', '--norc', '--noprofile', '-euo', 'pipefail', '-c', script, 'appliance-forge'];
  const together = ['setpriv', '--pdeathsig', 'KILL', '--', ...unshare, '--', ...bash];
  // Whoever asks the forge for a status, or types in the editor, comes before the build.
  return ['nice', ['-n', '5', ...together]];
}

/** Only what tools need: neither the forge's credentials nor a person's locale reach a build. */
export function sandboxEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C.UTF-8',
    DEBIAN_FRONTEND: 'noninteractive',
    DEBCONF_NONINTERACTIVE_SEEN: 'true',
  };
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    if (from[name] !== undefined) environment[name] = from[name];
  }
  return environment;
}

function lines(stream: Readable, hear: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', hear);
}

/** SIGKILL to the whole group; the kernel ends the rest with the name space's first process. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
