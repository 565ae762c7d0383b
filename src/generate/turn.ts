import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import { renewFile, renewMs, takeFile } from '../uforge/heldFile.ts';

const askAgainMs = 50;

/**
 * Works while nobody else has the file, in this process or another of this computer: it is held for the time of
 * the work.
 * @throws what the work throws, or an AbortError while waiting
 */
export async function inTurn<T>(file: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  await makeFolder(dirname(file), 0o700);
  const owner = randomUUID();
  while (!(await takeFile(file, owner, Date.now()))) await pause(askAgainMs, undefined, { signal });
  const renewal = setInterval(() => void renewFile(file, owner, Date.now()), renewMs);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await rm(file, { force: true });
  }
}
