import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { defaultCacheLimit } from '../../builder/index.ts';
import { messageOf } from '../../uforge/messageOf.ts';
import { listeningOf, type Listening } from './listening.ts';
import { fromEnvironment, fromFile, isSettingName, settings, type SettingName } from './settings.ts';
import type { SettingValues } from './settings.ts';
import { UsageError } from './usageError.ts';

export interface ForgeArguments {
  readonly listening: Listening;
  /** Says each change on standard error. */
  readonly audit: boolean;
  readonly dataDir: string;
  readonly cacheDir: string;
  /** Bytes. */
  readonly cacheLimit: number;
  /** Builds at the same time. */
  readonly concurrency: number;
  /** Minutes without a request and without a build after which the forge ends by itself; 0 = never. */
  readonly idleMinutes: number;
}

export const usage = [
  'Usage: forge [--config FILE] [--NAME VALUE …]',
  '       forge drain [--data DIR] [--no-wait]   takes no new images and ends when the last one is done',
  '       forge user add|set|list|remove … (forge user --help)',
  ...helpLines(),
  'Each can also be said as FORGE_NAME in the environment (FORGE_TLS_CERT …), or under its name in the YAML file',
  'of --config; the command line goes first, then the environment.',
  'FORGE_USER and FORGE_PASSWORD in the environment set the credentials; otherwise they are made up.',
].join('\n');

const defaultIdleMinutes = 30;

/** @throws {UsageError} */
export async function parseArguments(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ForgeArguments> {
  const { config, ...given } = parseOptions({ args: [...argv], options }).values;
  const file = config ?? env['FORGE_CONFIG'];
  const said: SettingValues = {
    ...(file !== undefined && (await fromFile(file))),
    ...fromEnvironment(env),
    ...fromCommandLine(given),
  };
  const text = (name: SettingName): string | undefined => said[name]?.[0];
  const whole = (name: SettingName, otherwise: number, largest = 1e6): number =>
    wholeNumber(`--${name}`, text(name) ?? String(otherwise), largest);
  const positive = (name: SettingName, otherwise: number): number =>
    positiveNumber(`--${name}`, text(name) ?? String(otherwise));
  const limit = (name: SettingName): number | undefined => (said[name] ? whole(name, 0) : undefined);
  const onNetwork = said.listen !== undefined;
  const listening = listeningOf({
    ...{ listen: text('listen'), port: whole('port', 0, 65_535) },
    ...{ tlsCert: text('tls-cert'), tlsKey: text('tls-key') },
    tlsSelfSigned: said['tls-self-signed'] !== undefined,
    names: said.name ?? [],
    trustedProxies: said['trusted-proxy'] ?? [],
    connectionsPerAddress: limit('connections-per-address'),
    requestsPerSecond: limit('requests-per-second'),
  });
  const dataDir = resolve(text('data') ?? defaultDataDir(env));
  return {
    listening,
    audit: onNetwork || said.audit !== undefined,
    dataDir,
    cacheDir: resolve(text('cache') ?? join(dataDir, 'cache')),
    cacheLimit: positive('cache-gb', defaultCacheLimit / 1e9) * 1e9,
    concurrency: Math.max(1, whole('builds', defaultBuilds(), 64)),
    idleMinutes: positive('idle-minutes', onNetwork ? 0 : defaultIdleMinutes),
  };
}

const options = {
  config: { type: 'string' },
  ...(Object.fromEntries(
    Object.entries(settings).map(([name, { kind }]) => [
      name,
      { type: kind === 'switch' ? 'boolean' : 'string', multiple: kind === 'list' },
    ]),
  ) as Record<SettingName, { type: 'string' | 'boolean'; multiple: boolean }>),
} as const;

function fromCommandLine(given: Readonly<Record<string, unknown>>): SettingValues {
  const values = Object.entries(given).filter(([name]) => isSettingName(name));
  return Object.fromEntries(values.map(([name, value]) => [name, [value].flat().map(String)]));
}

function helpLines(): string[] {
  return Object.entries(settings).map(([name, { help, ...setting }]) => {
    const value = 'value' in setting ? ` ${setting.value}` : '';
    return `  ${`--${name}${value}`.padEnd(29)} ${help}`;
  });
}

/** As `parseArgs`. @throws {UsageError} with what it says */
export function parseOptions<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
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
