import { createHash } from 'node:crypto';
import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { isSystemError } from '../../uforge/systemError.ts';
import type { DataFolder } from './paths.ts';
import { StartError } from './startError.ts';

/** What a running forge tells those who may read its socket. */
export interface ForgeAddress {
  /** Base URL of the API, without a slash at its end: `http://127.0.0.1:PORT/api`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly pid: number;
  readonly version: string;
}

/** A Unix socket's path may have 107 bytes; anything longer is cut off without a word. */
const longestSocketPath = 107;

/**
 * Tells other processes of this user where the forge is. The password goes over a socket in a folder only the
 * user may enter, so it is never on a disk. Only the holder of the data folder's lock may call this: what
 * lies there from before is then known to be dead. `onAsked`: somebody is about to use the forge.
 */
export async function announce(
  data: DataFolder,
  address: ForgeAddress,
  onAsked: () => void,
): Promise<AsyncDisposable> {
  const socket = await socketPath(data);
  await rm(socket, { force: true });
  const server = createServer((connection) => {
    onAsked();
    connection.on('error', () => connection.destroy());
    connection.end(`${JSON.stringify(address)}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  await rm(data.socketLink, { force: true });
  await symlink(socket, data.socketLink);
  return {
    async [Symbol.asyncDispose]() {
      await rm(data.socketLink, { force: true });
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks the forge of this data folder for its address; `undefined` when none is running. */
export async function discover(data: DataFolder, timeoutMs = 3000): Promise<ForgeAddress | undefined> {
  let socket: string;
  try {
    socket = await readlink(data.socketLink);
    await refuseForeignFolder(dirname(socket));
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
  const answer = await readAll(socket, timeoutMs);
  // A forge that ends in this very moment takes the connection and says nothing.
  return answer === undefined || answer === '' ? undefined : parseAddress(answer);
}

/** The socket's folder: the user's runtime folder, else one of their own under the temporary folder. */
async function socketPath(data: DataFolder): Promise<string> {
  const name = `${createHash('sha256').update(data.root).digest('hex').slice(0, 24)}.sock`;
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const candidates = [join(tmpdir(), `appliance-forge-${userInfo().uid}`)];
  if (runtime) candidates.unshift(join(runtime, 'appliance-forge'));
  let problem: unknown;
  for (const folder of candidates) {
    if (Buffer.byteLength(join(folder, name)) > longestSocketPath) {
      problem = new StartError(
        `${folder} is too long a path for a socket. Set XDG_RUNTIME_DIR to a shorter one.`,
      );
      continue;
    }
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await refuseForeignFolder(folder);
      return join(folder, name);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

/** Anyone may make a folder under /tmp first; the password must not go through it. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const found = await lstat(folder);
  const ours = found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o077) === 0;
  if (!ours) {
    throw new StartError(
      `${folder} is not a private folder of this user. Remove it, or set XDG_RUNTIME_DIR to a folder only you may enter.`,
    );
  }
}

function readAll(socket: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket);
    let text = '';
    connection.setEncoding('utf8').setTimeout(timeoutMs, () => {
      connection.destroy(new Error('The forge is there, but it does not say where it listens.'));
    });
    connection.on('data', (chunk: string) => (text += chunk));
    connection.on('end', () => resolve(text));
    connection.on('error', (error) => {
      if (isSystemError(error, 'ENOENT', 'ECONNREFUSED')) resolve(undefined);
      else reject(error);
    });
  });
}

function parseAddress(text: string): ForgeAddress {
  const { url, user, password, pid, version } = (JSON.parse(text) ?? {}) as Partial<ForgeAddress>;
  const texts = [url, user, password, version];
  if (texts.some((each) => typeof each !== 'string') || typeof pid !== 'number')
    throw new Error('The forge answered something else than its address.');
  return { url, user, password, pid, version } as ForgeAddress;
}
