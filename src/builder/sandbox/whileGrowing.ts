import { usedBytes } from '../disk/usedBytes.ts';

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
  const before = await writtenTo(file);
  let isOver = false;
  const look = async (): Promise<void> => {
    const written = (await writtenTo(file)) - before;
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

/** 0 while there is no such file. */
async function writtenTo(file: string): Promise<number> {
  return await usedBytes(file).catch(() => 0);
}
