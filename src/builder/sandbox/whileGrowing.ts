import { stat } from 'node:fs/promises';

const everyMs = 200;

/**
 * The progress of a tool that tells none: how much of the file it writes is there. `total` is about what it will
 * write, in bytes; holes do not count.
 */
export async function whileGrowing<T>(
  file: string,
  total: number,
  onProgress: (fraction: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const before = await blocksOf(file);
  let isOver = false;
  const look = async (): Promise<void> => {
    const written = (await blocksOf(file)) - before;
    if (!isOver && written > 0) onProgress(Math.min(1, written / Math.max(1, total)));
  };
  const timer = setInterval(() => void look(), everyMs);
  try {
    return await work();
  } finally {
    isOver = true;
    clearInterval(timer);
  }
}

/** Bytes on the disk; 0 while there is no such file. */
async function blocksOf(file: string): Promise<number> {
  return ((await stat(file).catch(() => undefined))?.blocks ?? 0) * 512;
}
