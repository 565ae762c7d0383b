import { spawn } from 'node:child_process';
import { open, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { discover, type ForgeAddress } from './discovery.ts';
import { forgeExitCodes } from './forgeExitCodes.ts';
import { makeFolder } from '../../uforge/download/makeFolder.ts';
import { dataFolder } from './paths.ts';
import { saidReason } from './saidReason.ts';
import { whyNotStarted } from './whyNotStarted.ts';

export type { ForgeAddress } from './discovery.ts';

/** What it takes to start a forge, or to find the one that runs already. */
export interface LaunchOptions {
  /** The forge's program: `dist/forge.js`, or `src/forge/process/main.ts` when run from source. */
  readonly script: string;
  readonly dataDir: string;
  /** Where downloaded packages are kept; `cache/` in the data folder unless given. */
  readonly cacheDir?: string;
  /** The Node that runs it; this process's own unless given. */
  readonly execPath?: string;
  /** Added to what it gets of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly idleMinutes?: number;
  /** Builds at the same time. */
  readonly builds?: number;
  /** What the cache may take; GB. */
  readonly cacheGigabytes?: number;
  readonly signal?: AbortSignal;
}

/** The forge could not be started; `detail` is what it said last. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  readonly detail: string;

  constructor(message: string, detail: string, options?: ErrorOptions) {
    super(message, options);
    this.detail = detail;
  }
}

const startTimeoutMs = 30_000;
const stopTimeoutMs = 30_000;
const largestLog = 1024 * 1024;

/**
 * Finds the forge of a data folder, or starts it. It goes on living when this process ends. Any number of
 * windows may call this at once: one forge wins the data folder, the others find it.
 * @throws {LaunchError} when it does not come up
 */
export async function launchForge(options: LaunchOptions): Promise<ForgeAddress> {
  options.signal?.throwIfAborted();
  const running = await findForge(options.dataDir);
  return running ?? (await start(options));
}

/** The forge of this data folder, if one is running. */
export function findForge(dataDir: string): Promise<ForgeAddress | undefined> {
  return discover(dataFolder(dataDir));
}

/**
 * Asks the forge of this data folder to stop and waits until it has gone; builds that run end in error.
 * @returns whether there was one
 */
export async function stopForge(dataDir: string): Promise<boolean> {
  const running = await findForge(dataDir);
  if (running === undefined) return false;
  process.kill(running.pid, 'SIGTERM');
  await untilGone(running.pid, stopTimeoutMs);
  return true;
}

/** @throws {LaunchError} when it takes longer */
export async function untilGone(pid: number, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new LaunchError(`The forge (process ${pid}) does not stop.`, '');
    await pause(50);
  }
}

async function start(options: LaunchOptions): Promise<ForgeAddress> {
  const { dataDir, signal } = options;
  const logFile = join(dataDir, 'forge.log');
  await using log = await makeLog(dataDir, logFile);
  const from = (await log.stat()).size;
  const deadline = Date.now() + startTimeoutMs;
  let child = spawnForge(options, log.fd);
  for (;;) {
    const found = await findForge(dataDir);
    if (found !== undefined) return found;
    if (child.end?.code === forgeExitCodes.dataFolderBusy) {
      // Another forge came first and is about to announce itself, or it is about to end: then it's our turn.
      await pause(250);
      if ((await findForge(dataDir)) === undefined) child = spawnForge(options, log.fd);
    }
    const failed = child.end !== undefined && child.end.code !== forgeExitCodes.dataFolderBusy;
    if (failed || Date.now() > deadline || signal?.aborted) {
      if (child.end === undefined) child.stop();
      signal?.throwIfAborted();
      const detail = await readFrom(logFile, from);
      const why = failed
        ? saidReason(detail)
        : `It did not say where it listens within ${startTimeoutMs / 1000} s.`;
      const cause = child.end?.error;
      throw new LaunchError(`The local forge does not start. ${cause?.message ?? why}`, detail, { cause });
    }
    await pause(50);
  }
}

interface Started {
  /** Set once it has ended, or could not be started at all. */
  readonly end: { readonly code: number | null; readonly error?: Error } | undefined;
  stop(): void;
}

function spawnForge(options: LaunchOptions, logFd: number): Started {
  const child = spawn(options.execPath ?? process.execPath, commandLine(options), {
    cwd: options.dataDir,
    detached: true,
    env: { ...environment(), ELECTRON_RUN_AS_NODE: '1', ...options.env },
    // Standard output would carry the password and break with its reader; the socket says the same.
    stdio: ['ignore', 'ignore', logFd],
  });
  let end: Started['end'];
  child.once('error', (error) => (end = { code: null, error }));
  child.once('exit', (code) => (end ??= { code }));
  child.unref();
  return {
    get end() {
      return end;
    },
    stop: () => child.kill('SIGTERM'),
  };
}

/**
 * What a forge needs of the environment. All else stays here: a login for another server is none of its
 * business, and where a team's forge listens is not where this one does.
 */
function environment(): NodeJS.ProcessEnv {
  const needed =
    /^(FORGE_(?!LISTEN|TLS_|CONFIG).+|XDG_.+|LC_.+|LANG|LANGUAGE|TZ|PATH|HOME|TMPDIR|NODE_EXTRA_CA_CERTS|(https?|all|no)_proxy|AWS_ENDPOINT_URL|AWS_REGION|OS_AUTH_URL)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name)));
}

function commandLine(options: LaunchOptions): string[] {
  const line = [options.script, '--port', '0', '--data', options.dataDir];
  if (options.cacheDir !== undefined) line.push('--cache', options.cacheDir);
  if (options.builds !== undefined) line.push('--builds', String(options.builds));
  if (options.cacheGigabytes !== undefined) line.push('--cache-gb', String(options.cacheGigabytes));
  if (options.idleMinutes !== undefined) line.push('--idle-minutes', String(options.idleMinutes));
  return line;
}

/** @throws {LaunchError} when the data folder can't be one */
async function makeLog(dataDir: string, logFile: string): ReturnType<typeof openLog> {
  try {
    await makeFolder(dataDir, 0o700);
    return await openLog(logFile);
  } catch (cause) {
    const why = whyNotStarted(cause, dataFolder(dataDir));
    if (why === undefined) throw cause;
    throw new LaunchError(`The local forge does not start. ${why}`, '', { cause });
  }
}

async function openLog(file: string): Promise<Awaited<ReturnType<typeof open>>> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLog) await truncate(file);
  return open(file, 'a+', 0o600);
}

async function readFrom(file: string, position: number): Promise<string> {
  await using log = await open(file, 'r');
  const length = (await log.stat()).size - position;
  const { buffer, bytesRead } = await log.read(
    Buffer.alloc(Math.max(0, length)),
    0,
    Math.max(0, length),
    position,
  );
  return buffer.toString('utf8', 0, bytesRead).trim();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
