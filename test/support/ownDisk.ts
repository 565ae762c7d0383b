import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A file system of its own on a folder, as large as it was made, that only processes started `within` see.
 */
export interface OwnDisk extends AsyncDisposable {
  /** What a command begins with that is to see it. */
  readonly within: readonly string[];
  /** Where we see what those see as that path. */
  seen(path: string): string;
  /** Takes up all that is free. */
  fill(): Promise<void>;
  /** Gives it back. */
  empty(): Promise<void>;
}

/** Mounts a tmpfs in a mount name space that lives as long as this does. */
export async function ownDisk(folder: string, megabytes: number): Promise<OwnDisk> {
  const asUser = process.getuid?.() === 0 ? [] : ['--map-root-user', '--map-auto'];
  const script = 'mount -t tmpfs -o "size=$2m" tmpfs "$1" && echo mounted && exec sleep infinity';
  const args = [...asUser, '--mount', '--', 'sh', '-c', script, 'sh', folder, String(megabytes)];
  const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed.then(() => Promise.reject(new Error('no tmpfs')))]);
  const pid = String(child.pid);
  const seen = (path: string): string => join(`/proc/${pid}/root`, path);
  const filler = seen(join(folder, 'filler'));
  return {
    within: [
      'nsenter',
      '--target',
      pid,
      '--mount',
      ...(asUser.length > 0 ? ['--user', '--preserve-credentials'] : []),
    ],
    seen,
    async fill() {
      const { bavail, bsize } = await statfs(seen(folder));
      const run = promisify(execFile);
      await run('fallocate', ['--length', String(bavail * bsize), filler]).catch(() => undefined);
      // What was given back meanwhile, until there is nothing more to have.
      await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64K', 'oflag=append', 'conv=notrunc']).catch(
        () => undefined,
      );
    },
    empty: () => rm(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
