import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../plan/plan.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** What a machine starts a live system from. Absolute paths. */
export interface LiveFiles {
  readonly kernel: string;
  readonly initrd: string;
  /** The root, compressed and read-only; the running system writes into memory. */
  readonly squashfs: string;
}

/**
 * mksquashfs reads the root from its archive, and dd says how far; sorted. It takes no notice of the archive's entry for
 * the root itself: that gets its mode here, and its date from SOURCE_DATE_EPOCH, which `-root-time` would not change.
 */
const script = `
tar -C "$FOLDER" --wildcards -xf "$TAR" './boot/vmlinuz-*' './boot/initrd.img-*' --strip-components=2
mv "$FOLDER"/vmlinuz-* "$FOLDER/vmlinuz"
mv "$FOLDER"/initrd.img-* "$FOLDER/initrd.img"
for file in vmlinuz initrd.img; do
  if [ -L "$FOLDER/$file" ] || [ ! -f "$FOLDER/$file" ]; then
    echo "E: The image's $file in /boot is no file." >&2
    exit 1
  fi
done
chmod 644 "$FOLDER"/vmlinuz "$FOLDER"/initrd.img
dd if="$TAR" bs=1M status=progress 2>&3 | SOURCE_DATE_EPOCH="$EPOCH" mksquashfs - "$FOLDER/filesystem.squashfs" -tar \\
  -noappend -no-progress -quiet -comp zstd -Xcompression-level 3 -root-mode 755 -no-exports > /dev/null
touch --date="@$EPOCH" "$FOLDER"/* "$FOLDER"
`;

/** Makes the live system’s files in the new, empty folder `folder` from a packed root with live-boot in it. */
export async function writeLiveFiles(request: {
  readonly rootTar: string;
  readonly folder: string;
  readonly plan: Plan;
  readonly sandbox: Sandbox;
  /** Bytes of the root so far, and in all. */
  readonly onProgress: (done: number, total: number) => void;
}): Promise<LiveFiles> {
  const { rootTar, folder, plan, sandbox, onProgress } = request;
  const { size } = await stat(rootTar);
  await sandbox.run(script, {
    env: { TAR: rootTar, FOLDER: folder, EPOCH: String(plan.epoch) },
    reads: [rootTar],
    writes: [folder],
    onStatus: (line) => {
      const read = /^(\d+) bytes/.exec(line)?.[1];
      if (read !== undefined) onProgress(Number(read), size);
    },
  });
  return liveFilesIn(folder);
}

export function liveFilesIn(folder: string): LiveFiles {
  return {
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.img'),
    squashfs: join(folder, 'filesystem.squashfs'),
  };
}

/** What the kernel is told besides where the root is; live-boot(7). */
export function liveParameters(plan: Plan): string {
  return ['boot=live', 'console=tty0', 'console=ttyS0,115200n8', ...plan.kernelParameters].join(' ');
}
