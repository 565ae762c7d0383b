import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a suite says of itself, and the packages in it. */
interface Suite {
  readonly suite?: string;
  readonly codename: string;
  readonly date?: Date;
  readonly validUntil?: Date;
  /** As in `Packages`. */
  readonly packages?: string;
}

/**
 * A Debian mirror on loopback with suites signed by a key of its own: what a real one has and would not
 * serve.
 */
export interface SignedMirror extends AsyncDisposable {
  /** For `FORGE_MIRROR`. */
  readonly url: string;
  /** The file with the key. */
  readonly keyring: string;
  /** Paths asked for so far. */
  readonly asked: readonly string[];
  /** From now on this is what is at `dists/<name>`, on all its archives. */
  serve(name: string, suite: Suite): Promise<void>;
  /** From now on this file is at that path of its archive, such as `pool/hello.deb`. */
  put(path: string, file: Buffer): void;
  /** From now on it wants `name:password`. */
  lock(login: string): void;
  /** From now on it accepts connections, and answers nothing. */
  hang(): void;
}

/** @param folder for its keys */
export async function startSignedMirror(folder: string): Promise<SignedMirror> {
  const home = join(folder, 'keys');
  const keyring = join(folder, 'mirror.gpg');
  await mkdir(home, { mode: 0o700 });
  const gpg = async (...args: readonly string[]): Promise<void> => {
    await run('gpg', ['--homedir', home, '--batch', '--yes', '--passphrase', '', ...args]);
  };
  await gpg('--quick-gen-key', 'mirror', 'ed25519', 'sign', 'never');
  await gpg('--output', keyring, '--export');

  const files = new Map<string, Buffer>();
  const asked: string[] = [];
  let hangs = false;
  let login = '';
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    asked.push(path);
    if (hangs) return;
    const given = Buffer.from(request.headers.authorization?.replace(/^Basic /, '') ?? '', 'base64');
    if (login !== '' && given.toString() !== login) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
      return;
    }
    const file = files.get(path.replace(/^\/[^/]+\/dists\//, ''));
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': file.length }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`,
    keyring,
    asked,
    async serve(name, suite) {
      const packages = Buffer.from(suite.packages ?? '');
      const release = join(folder, 'Release');
      await writeFile(release, textOf(suite, packages));
      await gpg('--output', `${release}.signed`, '--clearsign', release);
      files.set(`${name}/InRelease`, await readFile(`${release}.signed`));
      files.set(`${name}/main/binary-amd64/Packages`, packages);
    },
    put: (path, file) => void files.set(`/debian/${path}`, file),
    lock: (wanted) => void (login = wanted),
    hang: () => void (hangs = true),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await run('gpgconf', ['--homedir', home, '--kill', 'all']);
    },
  };
}

function textOf({ suite, codename, date = new Date(), validUntil }: Suite, packages: Buffer): string {
  const sha256 = createHash('sha256').update(packages).digest('hex');
  return [
    'Origin: Debian',
    `Suite: ${suite ?? codename}`,
    `Codename: ${codename}`,
    `Date: ${inDebianWords(date)}`,
    ...(validUntil === undefined ? [] : [`Valid-Until: ${inDebianWords(validUntil)}`]),
    'Architectures: amd64',
    'Components: main',
    'SHA256:',
    ` ${sha256} ${packages.length} main/binary-amd64/Packages`,
    '',
  ].join('\n');
}

function inDebianWords(date: Date): string {
  return date.toUTCString().replace('GMT', 'UTC');
}
