import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, isMap, isNode } from 'yaml';
import { isSystemError } from '../../uforge/systemError.ts';
import { UsageError } from './usageError.ts';

type Kind = 'text' | 'number' | 'switch' | 'list';

interface Setting {
  readonly kind: Kind;
  /** How its value is called in the help. */
  readonly value?: string;
  readonly help: string;
}

/**
 * All that can be said to a forge that starts: as `--name` on its command line, else as `FORGE_NAME` in the
 * environment, else under `name` in the file of `--config`.
 */
export const settings = {
  port: { kind: 'number', value: 'N', help: 'port on 127.0.0.1; 0 (the default) takes any free one' },
  listen: {
    ...{ kind: 'text', value: 'ADDRESS:PORT' },
    help: 'where to listen instead, for example 0.0.0.0:8443; takes --tls-cert, --tls-self-signed or --trusted-proxy',
  },
  'tls-cert': { kind: 'text', value: 'FILE', help: 'certificate and its chain (PEM); read again on SIGHUP' },
  'tls-key': { kind: 'text', value: 'FILE', help: 'its private key (PEM); read again on SIGHUP' },
  'tls-self-signed': {
    kind: 'switch',
    help: 'a certificate of the forge’s own, kept in the data folder; its fingerprint is printed',
  },
  name: { kind: 'list', value: 'HOST', help: 'a name by which clients reach it; may be given several times' },
  'trusted-proxy': {
    ...{ kind: 'list', value: 'ADDRESS' },
    help: 'the proxy in front that speaks TLS: only it may connect, and its X-Forwarded-For is believed',
  },
  'connections-per-address': {
    ...{ kind: 'number', value: 'N' },
    help: 'connections from one address at the same time (default 200, on loopback any number; 0 = any)',
  },
  'requests-per-second': {
    ...{ kind: 'number', value: 'N' },
    help: 'of one address or user, in the long run (default 50, on loopback any number; 0 = any)',
  },
  audit: {
    kind: 'switch',
    help: 'a line on standard error for each change: who, what, from where (always with --listen)',
  },
  data: { kind: 'text', value: 'DIR', help: 'where appliances, images and tickets are kept' },
  cache: {
    ...{ kind: 'text', value: 'DIR' },
    help: 'where packages, roots and disks are kept for the next build (default: cache/ in the data folder)',
  },
  'cache-gb': {
    ...{ kind: 'number', value: 'N' },
    help: 'how much the cache may take (default 10); what was not used for longest goes first',
  },
  builds: {
    ...{ kind: 'number', value: 'N' },
    help: 'images built at the same time (default: one for every two processors)',
  },
  'idle-minutes': {
    ...{ kind: 'number', value: 'N' },
    help: 'end after so long without a request or a build (default 30, with --listen never; 0 = never)',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

const settingNames = Object.keys(settings) as readonly SettingName[];

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

/** What was said, as text; a list's values are in one, a switch that is on is `true`. */
export type SettingValues = Readonly<Partial<Record<SettingName, readonly string[]>>>;

/** `FORGE_TLS_CERT` for `tls-cert`; a list has commas between its values. */
export function fromEnvironment(env: NodeJS.ProcessEnv): SettingValues {
  const values: Partial<Record<SettingName, readonly string[]>> = {};
  for (const name of settingNames) {
    const text = env[`FORGE_${name.toUpperCase().replaceAll('-', '_')}`];
    if (text === undefined || text === '') continue;
    const { kind } = settings[name];
    if (kind === 'switch' && (text === '0' || text.toLowerCase() === 'false')) continue;
    values[name] = kind === 'list' ? text.split(',').map((each) => each.trim()) : [text];
  }
  return values;
}

/** The settings of a configuration file. @throws {UsageError} with file, line and what is possible */
export async function fromFile(file: string): Promise<SettingValues> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (!isSystemError(error)) throw error;
    throw new UsageError(`${file} can't be read (${error.code}).`, { cause: error });
  });
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const wrong = (at: number, what: string): UsageError =>
    new UsageError(`${file}, line ${lineCounter.linePos(at).line}: ${what}`);
  const [error] = document.errors;
  if (error !== undefined) throw wrong(error.pos[0], error.message.split('\n')[0] ?? 'This is no YAML.');
  const values: Partial<Record<SettingName, readonly string[]>> = {};
  if (document.contents === null) return values;
  if (!isMap(document.contents)) throw wrong(0, 'There must be settings, as “listen: 0.0.0.0:8443”.');
  for (const { key, value } of document.contents.items) {
    const [at] = isNode(key) ? key.range : [0];
    const name = String(key);
    if (!isSettingName(name)) {
      throw wrong(at, `There is no setting “${name}”. There are: ${settingNames.join(', ')}.`);
    }
    const said: unknown = isNode(value) ? value.toJS(document) : value;
    const texts = textsOf(said, settings[name].kind);
    if (texts === undefined) throw wrong(at, `“${name}” takes ${expected[settings[name].kind]}.`);
    if (texts.length > 0) values[name] = texts;
  }
  return values;
}

const expected: Readonly<Record<Kind, string>> = {
  ...{ text: 'a text', number: 'a number', switch: 'true or false', list: 'a list of texts' },
};

/** Undefined for a value of another kind. */
function textsOf(value: unknown, kind: Kind): readonly string[] | undefined {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? [value] : undefined;
    case 'number':
      return typeof value === 'number' ? [String(value)] : undefined;
    case 'switch':
      return typeof value !== 'boolean' ? undefined : value ? ['true'] : [];
    case 'list': {
      const all: readonly unknown[] = Array.isArray(value) ? value : [value];
      return all.every((each) => typeof each === 'string') ? all : undefined;
    }
  }
}

const schemaTypes: Readonly<Record<Kind, object>> = {
  text: { type: 'string' },
  number: { type: 'number', minimum: 0 },
  switch: { type: 'boolean' },
  list: { type: ['array', 'string'], items: { type: 'string' } },
};

/** JSON schema of a configuration file. */
export function settingsSchema(): object {
  const properties = Object.entries(settings).map(([name, { kind, help }]) => [
    name,
    { ...schemaTypes[kind], description: `${help.charAt(0).toUpperCase()}${help.slice(1)}.` },
  ]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of a local forge',
    type: 'object',
    properties: Object.fromEntries(properties) as object,
    additionalProperties: false,
  };
}
