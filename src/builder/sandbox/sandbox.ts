import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { bash } from './bash.ts';
import { giveToBuild, identityEnvironment, intoUserNamespace, sourceOf } from './identity.ts';
import { mountPoints, rootJail, toolJail, type Place } from './jail.ts';
import { beginning, limitsInRoot, mostSaid } from './limits.ts';
import { readLines } from './lines.ts';
import { seccompFilter } from './seccomp.ts';
import { proxySocket, type WebProxy } from './webProxy.ts';

/** How many of the last lines a failed tool keeps. */
const keptLines = 40;

/** Progress is for a person: what comes faster is left out. */
const leastBetweenStatusMs = 20;

/** A tool that ended with something else than 0. `lines` are the last things it said. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly lines: readonly string[];

  constructor(message: string, lines: readonly string[]) {
    super(message);
    this.lines = lines;
  }
}

export interface ScriptOptions {
  /** What the script may use as `$NAME`: scripts are constants, values never become part of their text. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output is returned only, not logged. */
  readonly capture?: boolean;
  /** Each line of standard output and error, also those that end in a carriage return. */
  readonly onLine?: (line: string) => void;
  /** Each line the script's tools write to file descriptor 3, such as apt's status lines. */
  readonly onStatus?: (line: string) => void;
  /** Ends this script only; what is going on when it does rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** What a tool of this computer gets to see besides itself, under its own path. Files and folders that are there. */
export interface ToolOptions extends ScriptOptions {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** For fetching packages: no other tool reaches any network. */
  readonly network?: boolean;
  /** Its only way to any network: the proxy, at `webAddress`. */
  readonly web?: WebProxy;
  /** For mmdebstrap, which mounts what a root needs and changes into it. */
  readonly mounts?: boolean;
}

/** How a script runs inside a root. */
export interface RootOptions extends Omit<ScriptOptions, 'signal'> {
  readonly hostname: string;
  /** Files and folders of this computer that it reads, by their names in /run/build. */
  readonly reads?: Readonly<Record<string, string>>;
  /** The proxy that is its way to the web, at `webAddress`; without one there is no network at all. */
  readonly web?: WebProxy;
  /** How long it may take, in ms; an hour unless given. */
  readonly longest?: number;
}

const hour = 3600_000;

interface Running {
  /** What comes before bubblewrap, in the user name space. */
  readonly around: readonly string[];
  /** The arguments of bubblewrap. */
  readonly jail: readonly string[];
  readonly places: readonly Place[];
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** For file descriptor 4. */
  readonly filter?: Buffer;
  /** Characters it may print. */
  readonly mostSaid: number;
}

/**
 * Where every tool of a build runs: in bubblewrap, in name spaces of its own, with nothing of this computer but what it
 * is for; see docs/security.md. Killing it ends everything in it at once, and it dies with the forge, too.
 */
export class Sandbox {
  readonly #signal: AbortSignal;
  readonly #log: (line: string) => void;

  constructor(signal: AbortSignal, log: (line: string) => void) {
    this.#signal = signal;
    this.#log = log;
  }

  /**
   * Runs a bash script (errexit, nounset, pipefail) with this computer's tools and resolves with its standard output.
   * Rejects with a `ToolError`, or with the signal's reason once everything the script started is dead.
   */
  async run(script: string, { reads = [], writes = [], ...options }: ToolOptions = {}): Promise<string> {
    const places = [
      ...writes.map((path) => ({ from: path, at: path, writable: true })),
      ...reads
        .filter((path) => !writes.includes(path))
        .map((path) => ({ from: path, at: path, writable: false })),
      // What is inside another one has to come after it.
    ].sort((a, b) => a.at.length - b.at.length);
    await giveToBuild(...writes);
    const { web, network } = options;
    const proxy = web === undefined ? [] : [{ from: web.folder, at: '', writable: false }];
    const throughProxy = { http_proxy: webAddress, https_proxy: webAddress };
    return await this.#run(script, options, {
      jail: toolJail(places, { ...options, network: network === true || web !== undefined }),
      places: [...places, ...proxy],
      around: web === undefined ? [] : withWeb(web, places.length),
      mostSaid: mostSaid.byTools,
      environment: {
        ...toolEnvironment,
        ...(network === true && proxies(process.env)),
        ...(web !== undefined && throughProxy),
      },
    });
  }

  /**
   * The same inside a root, with the root's own programs: for whatever a template brings. The root is all there is of a
   * file system, there is no network, and what the script reads is in /run/build.
   */
  async runInRoot(root: string, script: string, options: RootOptions): Promise<string> {
    await assertMountPoints(root);
    await giveToBuild(root, ...Object.values(options.reads ?? {}));
    const inside = { from: root, at: '/', writable: true };
    const reads = Object.entries(options.reads ?? {}).map(([name, from]) => ({
      from,
      at: `/run/build/${name}`,
      writable: false,
    }));
    const places = [inside, ...reads];
    const { hostname, web } = options;
    const proxy = web === undefined ? [] : [{ from: web.folder, at: '', writable: false }];
    const tooLong = AbortSignal.timeout(options.longest ?? hour);
    const running = this.#run(
      script,
      { ...options, signal: tooLong },
      {
        around: [...(web === undefined ? [] : withWeb(web, places.length)), ...limitsInRoot],
        jail: rootJail(inside, reads, { hostname, filter: 4, web: web !== undefined }),
        places: [...places, ...proxy],
        environment: toolEnvironment,
        filter: seccompFilter(),
        mostSaid: mostSaid.inRoot,
      },
    );
    return await running.catch((error: unknown) => {
      if (!tooLong.aborted) throw error;
      const minutes = (options.longest ?? hour) / 60_000;
      throw new ToolError(`E: What the template runs has not ended after ${minutes} minutes.`, []);
    });
  }

  async #run(
    script: string,
    options: ScriptOptions,
    { jail, places, environment, around, filter, mostSaid: most }: Running,
  ): Promise<string> {
    const signal = AbortSignal.any([this.#signal, ...(options.signal === undefined ? [] : [options.signal])]);
    signal.throwIfAborted();
    // Whoever asks the forge for a status, or types in the editor, comes before the build.
    const outside = ['-n', '5', 'setpriv', '--pdeathsig', 'KILL', '--', ...beginning, ...intoUserNamespace()];
    const child = spawn(
      'nice',
      [...outside, ...around, 'bwrap', ...jail, '--', ...bash(script, 'appliance-forge')],
      {
        detached: true,
        cwd: '/',
        env: {
          ...environment,
          ...options.env,
          ...identityEnvironment(places.map(({ from }) => from)),
        },
        stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      },
    );
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
      let length = 0;
      const count = (more: number): void => {
        length += more;
        if (length > most) kill();
      };
      let told = 0;
      const tell = (line: string): void => {
        const now = performance.now();
        if (now - told < leastBetweenStatusMs) return;
        told = now;
        options.onStatus?.(line);
      };
      readLines(child.stdout, (line) => hear(line, true), count);
      readLines(child.stderr, (line) => hear(line, false), count);
      readLines(child.stdio[3] as Readable, tell, count);
      give(child.stdio[4] as Writable, filter);
      give(child.stdin);
      const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
      signal.throwIfAborted();
      if (length > most) {
        throw new ToolError(`E: What the build runs prints more than ${most / 1024 ** 2} MB.`, said);
      }
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

/** Where a sandbox that has a way to the web finds the proxy. */
export const webAddress = 'http://127.0.0.1:3128';

/** A network of its own with nothing in it but the proxy, which ends with the sandbox. */
const ownNetwork = `
ip link set lo up
setpriv --pdeathsig KILL -- socat TCP-LISTEN:3128,bind=127.0.0.1,fork,reuseaddr,max-children=64 "UNIX-CONNECT:$1" < /dev/null &
shift
exec "$@"
`;

function withWeb({ folder }: WebProxy, index: number): string[] {
  const socket = join(sourceOf(folder, index), proxySocket);
  return ['unshare', '--net', '--', ...bash(ownNetwork, 'web', socket)];
}

/** A program of a template may have put a link there: bubblewrap would mount where it leads. */
async function assertMountPoints(root: string): Promise<void> {
  for (const name of mountPoints) {
    const found = await lstat(join(root, name)).catch(() => undefined);
    if (found?.isDirectory() !== true) {
      throw new ToolError(`/${name} of the image is no folder: a package or a bundle has replaced it.`, []);
    }
  }
}

/** Only what tools need: neither the forge's credentials nor a person's locale reach a build. */
const toolEnvironment: Readonly<NodeJS.ProcessEnv> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  DEBIAN_FRONTEND: 'noninteractive',
  DEBCONF_NONINTERACTIVE_SEEN: 'true',
};

/** How packages are fetched where a proxy leads to the mirror. */
function proxies(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

/** A tool that ends before it has read its input isn't an error of ours. */
function give(stream: Writable, bytes: string | Buffer = ''): void {
  stream.on('error', () => undefined).end(bytes);
}

/** SIGKILL to the whole group; the kernel ends the rest with the name space's first process. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
