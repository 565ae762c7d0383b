import { mkdir, statfs } from 'node:fs/promises';
import { BuildError } from './model.ts';

/** Throws a `BuildError` when a folder's file system has less than `bytes` free for this user. */
export async function assertFreeSpace(folder: string, bytes: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const megabytes = (value: number): string => `${Math.ceil(value / 1e6)} MB`;
  throw new BuildError(
    `The disk is full: the build needs ${megabytes(bytes)} in ${folder}, and ${megabytes(free)} are free.`,
  );
}
