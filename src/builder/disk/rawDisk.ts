import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Sandbox } from '../sandbox/sandbox.ts';

/** What of the formats a disk is written in qemu-img reads again, by the file's extension. */
const drivers: Readonly<Record<string, string>> = {
  qcow2: 'qcow2',
  raw: 'raw',
  vdi: 'vdi',
  vhd: 'vpc',
  vhdx: 'vhdx',
  vmdk: 'vmdk',
};

/** Whether a disk file of that extension can be made a raw disk again. */
export function isDiskFile(extension: string): boolean {
  return extension in drivers;
}

/**
 * Writes the raw, sparse disk that a finished image's file holds, for platforms that are sent a disk's blocks.
 * `target` is a file in a folder of its own, which is made.
 */
export async function writeRawDisk(disk: {
  readonly source: string;
  readonly extension: string;
  readonly target: string;
  readonly signal: AbortSignal;
  /** The share that is done. */
  readonly onProgress: (share: number) => void;
}): Promise<void> {
  const { source, extension, target, signal, onProgress } = disk;
  const folder = dirname(target);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sandbox = new Sandbox(signal, () => undefined);
  await sandbox.run('exec qemu-img convert -p -f "$DRIVER" -O raw "$SOURCE" "$TARGET"', {
    env: { DRIVER: drivers[extension] ?? extension, SOURCE: source, TARGET: target },
    reads: [source],
    writes: [folder],
    capture: true,
    onLine: (line) => {
      const percent = /\((\d+(?:\.\d+)?)\/100%\)/.exec(line)?.[1];
      if (percent !== undefined) onProgress(Number(percent) / 100);
    },
  });
}
