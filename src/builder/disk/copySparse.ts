import { constants } from 'node:fs';
import { copyFile, open, rm } from 'node:fs/promises';
import { dataExtents } from './blockMap.ts';
import type { DiskWriting } from './diskWriting.ts';

const chunkSize = 2 ** 20;

/** Copies a file that may have holes: with shared blocks where the file system can, else data only. */
export async function copySparse(request: DiskWriting): Promise<void> {
  const { source, target, sandbox, signal, onProgress } = request;
  if (await cloned(source, target)) return;
  const extents = await dataExtents(source, sandbox);
  const total = extents.reduce((sum, { length }) => sum + length, 0);
  await using input = await open(source, 'r');
  await using output = await open(target, 'w');
  await output.truncate((await input.stat()).size);
  const buffer = Buffer.allocUnsafe(chunkSize);
  let done = 0;
  for (const { start, length } of extents) {
    for (let offset = start; offset < start + length;) {
      signal.throwIfAborted();
      const wanted = Math.min(chunkSize, start + length - offset);
      const { bytesRead } = await input.read(buffer, 0, wanted, offset);
      if (bytesRead === 0) throw new Error(`${source} has become shorter while it was copied.`);
      await output.write(buffer, 0, bytesRead, offset);
      offset += bytesRead;
      done += bytesRead;
      onProgress(done, total);
    }
  }
}

async function cloned(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    // No such file system: whatever else is wrong, the copy will say.
    await rm(target, { force: true });
    return false;
  }
}
