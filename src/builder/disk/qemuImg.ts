import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DiskWriting } from './diskWriting.ts';

const script = 'exec qemu-img convert -p $COMPRESS -f raw -O "$FORMAT" -o "$OPTIONS" "$SOURCE" "$TARGET"';

/** Converts a raw disk with qemu-img, in order: the same disk gives the same blocks. */
export async function convertWithQemuImg(
  { source, target, sandbox, onProgress }: DiskWriting,
  format: 'qcow2' | 'vdi' | 'vpc' | 'vhdx',
  options: string,
  compress = false,
): Promise<void> {
  const { size } = await stat(source);
  await sandbox.run(script, {
    env: { COMPRESS: compress ? '-c' : '', FORMAT: format, OPTIONS: options, SOURCE: source, TARGET: target },
    reads: [source],
    writes: [dirname(target)],
    capture: true,
    onLine: (line) => {
      const percent = /\((\d+(?:\.\d+)?)\/100%\)/.exec(line)?.[1];
      if (percent !== undefined) onProgress(Math.round((size * Number(percent)) / 100), size);
    },
  });
}
