import { rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import { isSystemError } from '../uforge/systemError.ts';

const askAgainMs = 50;
const renewMs = 5_000;
/** Whoever has not renewed their file for so long has crashed. */
const staleMs = 20_000;

/**
 * Works while nobody else has the file, in this process or another of this computer. It is made for the time
 * of the work, and its date is renewed: one that a crash has left behind is taken over.
 * @throws what the work throws, or an AbortError while waiting
 */
export async function inTurn<T>(file: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  await makeFolder(dirname(file), 0o700);
  while (!(await take(file))) await pause(askAgainMs, undefined, { signal });
  const renewal = setInterval(() => {
    const now = new Date();
    void utimes(file, now, now).catch(() => undefined);
  }, renewMs);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    // Fails when it is there: the file system decides who was first.
    await writeFile(file, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > staleMs) await rm(file, { force: true });
  return false;
}
