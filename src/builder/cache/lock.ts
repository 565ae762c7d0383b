import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** Each process of the helper dies with its parent, also the one that waits. */
const script =
  'exec 9>>"$1"; flock --nonblock 9 || { echo waiting; setpriv --pdeathsig KILL -- flock 9; }; echo locked; exec cat';

/**
 * Holds flock's lock on a file until disposed of. A helper process holds it, and that dies with this one, so a lock
 * never outlives its build. Rejects with the signal's reason.
 */
export async function lockFile(
  path: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<AsyncDisposable> {
  signal.throwIfAborted();
  const command = ['--pdeathsig', 'KILL', '--', 'sh', '-c', script, 'lock', path];
  const child = spawn('setpriv', command, { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  };
  signal.addEventListener('abort', kill, { once: true });
  child.stdin.on('error', () => undefined);
  const release = async (): Promise<void> => {
    signal.removeEventListener('abort', kill);
    kill();
    await closed.catch(() => undefined);
  };
  try {
    await locked(child.stdout, closed, onWait);
  } catch (error) {
    await release();
    signal.throwIfAborted();
    throw error;
  }
  return { [Symbol.asyncDispose]: release };
}

async function locked(
  output: NodeJS.ReadableStream,
  closed: Promise<unknown>,
  onWait: () => void,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    output.setEncoding('utf8');
    output.on('data', (text: string) => {
      if (text.includes('waiting')) onWait();
      if (text.includes('locked')) resolve();
    });
    closed.then(() => reject(new Error('A lock in the cache can not be taken.')), reject);
  });
}

/** Runs a command under flock's lock on a file; does nothing when somebody has it. */
export async function runLocked(path: string, command: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)('flock', ['--nonblock', '--conflict-exit-code', '0', path, command, ...args]);
}
