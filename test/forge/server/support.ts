import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { tar, type TarEntry } from '../../support/tar.ts';

export const mainScript = fileURLToPath(new URL('../../../src/forge/process/main.ts', import.meta.url));

/** A real forge in a process of its own, as `npm run forge` starts it. */
export interface TestForge extends AsyncDisposable {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly child: ChildProcess;
  /** What it wrote to standard error. */
  readonly errors: () => string;
  /** A request to a path below the base URL, by fetch alone, with credentials unless others are given. */
  call(method: string, path: string, init?: CallInit): Promise<Answer>;
}

export interface CallInit {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** `null` for none. */
  readonly authorization?: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'forge-server-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/**
 * `prepare`: a shell command that mounts something only this forge sees, or a command that runs it somewhere
 * else.
 */
export async function startForge(
  dataDir: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  prepare?: string | readonly string[],
): Promise<TestForge> {
  const asUser = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const within =
    typeof prepare !== 'string'
      ? (prepare ?? [])
      : ['unshare', ...asUser, '--mount', 'sh', '-c', `${prepare} && exec "$@"`, 'sh'];
  const [command = '', ...rest] = [...within, process.execPath, mainScript, '--data', dataDir, ...args];
  const child = spawn(command, rest, {
    // Whoever is root in a name space only does not own root's folders.
    env: { ...process.env, ...(prepare && { XDG_RUNTIME_DIR: join(dataDir, 'run') }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => String(text)),
    once(child, 'exit').then(() => undefined),
  ]);
  assert.ok(line !== undefined, `the forge ended: ${errors}`);
  const given = env['FORGE_PASSWORD'];
  const address = { password: given ?? '', ...(JSON.parse(line) as { url: string; user: string }) };
  return {
    ...address,
    child,
    errors: () => errors,
    call: async (
      method,
      path,
      { headers, body, authorization = basic(address.user, address.password) } = {},
    ) => {
      const response = await fetch(`${address.url}${path}`, {
        method,
        headers: { ...(authorization !== null && { authorization }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
        redirect: 'manual',
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      await stop(child, 'SIGTERM');
    },
  };
}

/** Runs a forge's command that is to end by itself. */
export async function ended(args: readonly string[]): Promise<{ code: number | null; errors: string }> {
  const child = spawn(process.execPath, [mainScript, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, errors };
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The text of the first element of that name, whatever is around it. */
export function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

/** Asserts a `uforgeError` of that status and id and gives its sentence. */
export function errorOf({ status, text }: Answer, expected: number, messageId: string): string {
  assert.equal(status, expected, text);
  assert.match(text, /<(\w+:)?uforgeError/);
  assert.equal(element(text, 'messageId'), messageId);
  assert.equal(element(text, 'statusCode'), String(expected));
  const message = element(text, 'message') ?? '';
  assert.notEqual(message, '');
  return message;
}

export type Entry = Omit<TarEntry, 'text'> & { readonly content?: string };

/** A gzip tar, entry by entry: also ones no honest packer writes. */
export async function archive(...entries: readonly Entry[]): Promise<Uint8Array> {
  return gzipSync(await tar(entries.map(({ content = '', ...header }) => ({ ...header, text: content }))));
}

export function template(name: string, version = '1.0', more = ''): Entry {
  const content = `stack:\n  name: ${name}\n  version: '${version}'\n  os: { name: Debian, version: '12', arch: x86_64, profile: Minimal }\n${more}`;
  return { name: 'template.yml', content };
}

/** Imports an archive by hand and gives the status's text and the URI of the appliance. */
export async function importArchive(
  forge: TestForge,
  bytes: Uint8Array,
  query = '',
): Promise<{ readonly status: string; readonly appliance: string | undefined; readonly uri: string }> {
  const ticket = await forge.call('POST', `/users/${forge.user}/imports${query}`);
  assert.equal(ticket.status, 201, ticket.text);
  const uri = importOf(ticket);
  const uploaded = await forge.call('POST', `${uri}/uploads`, {
    body: bytes,
    headers: { 'content-type': 'application/octet-stream' },
  });
  assert.equal(uploaded.status, 201, uploaded.text);
  const status = (await forge.call('GET', `${uri}/status`)).text;
  const appliance = element((await forge.call('GET', uri)).text, 'referenceUri');
  return { status, appliance: appliance === undefined ? undefined : `/${appliance}`, uri };
}

/**
 * The path of the import an answer holds: its `uploadUri` without the end, as `uri` is its status's first.
 */
export function importOf({ text }: Answer): string {
  return `/${(element(text, 'uploadUri') ?? '').replace(/\/uploads$/, '')}`;
}

/** A request for an image, as a person would write it. */
export function imageRequest(format: string): CallInit {
  return {
    headers: { 'content-type': 'application/xml' },
    body: `<u:image xmlns:u="http://www.usharesoft.com/uforge"><compress>true</compress><targetFormat><name>${format}</name></targetFormat></u:image>`,
  };
}

/** Asks until it is so. */
export async function until(what: string, isSo: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await pause(50);
  }
}
