import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { defaultCacheLimit } from '../../builder/index.ts';

export interface ForgeArguments {
  /** 0 = any free one. */
  readonly port: number;
  readonly dataDir: string;
  readonly cacheDir: string;
  /** Bytes. */
  readonly cacheLimit: number;
  /** Builds at the same time. */
  readonly concurrency: number;
  /** Minutes without a request and without a build after which the forge ends by itself; 0 = never. */
  readonly idleMinutes: number;
}

/** The command line is wrong; the message says what about it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Usage: forge [--port N] [--data DIR] [--cache DIR] [--cache-gb N] [--builds N] [--idle-minutes N]
       forge user add|set|list|remove … (forge user --help)
  --port N          port on 127.0.0.1; 0 (the default) takes any free one
  --data DIR        where appliances, images and tickets are kept
  --cache DIR       where packages, roots and disks are kept for the next build (default: FORGE_CACHE, else cache/ in the data folder)
  --cache-gb N      how much the cache may take (default 10); what was not used for longest goes first
  --builds N        images built at the same time (default: one for every two processors)
  --idle-minutes N  end after so long without a request or a build (default 30; 0 = never)
FORGE_USER and FORGE_PASSWORD in the environment set the credentials; otherwise they are made up.`;

const defaultIdleMinutes = 30;

export function parseArguments(argv: readonly string[], env: NodeJS.ProcessEnv): ForgeArguments {
  const { values } = parseOptions({ args: [...argv], options });
  const dataDir = resolve(values.data ?? defaultDataDir(env));
  return {
    port: wholeNumber('--port', values.port ?? '0', 65_535),
    dataDir,
    cacheDir: resolve(values.cache ?? env['FORGE_CACHE'] ?? join(dataDir, 'cache')),
    cacheLimit: positiveNumber('--cache-gb', values['cache-gb'] ?? String(defaultCacheLimit / 1e9)) * 1e9,
    concurrency: Math.max(1, wholeNumber('--builds', values.builds ?? String(defaultBuilds()), 64)),
    idleMinutes: positiveNumber('--idle-minutes', values['idle-minutes'] ?? String(defaultIdleMinutes)),
  };
}

const option = { type: 'string' } as const;
const options = {
  ...{ port: option, data: option, cache: option },
  ...{ 'cache-gb': option, builds: option, 'idle-minutes': option },
};

/** As `parseArgs`. @throws {UsageError} with what it says */
export function parseOptions<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** A build keeps two processors busy where it compresses. */
function defaultBuilds(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

export function defaultDataDir(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_DATA_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.local', 'share'), 'appliance-forge');
}

function wholeNumber(name: string, text: string, largest: number): number {
  if (!/^\d+$/.test(text) || Number(text) > largest) {
    throw new UsageError(`${name} takes a whole number from 0 to ${largest}, not "${text}".`);
  }
  return Number(text);
}

function positiveNumber(name: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`${name} takes a number, not "${text}".`);
  return Number(text);
}
