import { join } from 'node:path';
import type { System } from '../systems.ts';
import { rawFile } from './diskFiles.ts';
import { diskFiles } from './diskFormat.ts';
import { compressedShare, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { gzipped, single } from './steps.ts';

/** GNU's old format with holes: what Google's and Oracle's importers ask for. The disk is called disk.raw inside. */
const script = `
exec tar --format=oldgnu --sparse --owner=0 --group=0 --numeric-owner --mode=644 --mtime="@$EPOCH" \\
  -C "$(dirname "$DISK")" --transform='s,.*,disk.raw,' -cf "$TARGET" "$(basename "$DISK")"
`;

/** A format that is a raw disk in a gzip-compressed tar archive. */
export function diskTarGz(init: { name: string; description: string; system: System }): ImageFormat {
  return {
    info: infoOf(init.name, init.description),
    system: init.system,
    // The archive, and the same once more, compressed.
    room: () => ({ convert: 0, pack: 1 + compressedShare }),
    convert: async ({ disks }, context) => await diskFiles(rawFile, disks, context),
    async pack(converted, _output, context) {
      const { plan, sandbox, workDir } = context;
      const packed: string[] = [];
      for (const [index, disk] of converted.entries()) {
        const target = join(workDir, `packed${index + 1}.tar`);
        await sandbox.run(script, { env: { DISK: disk, TARGET: target, EPOCH: String(plan.epoch) } });
        packed.push(await gzipped(target, context));
      }
      return await single(packed, { extension: 'tar.gz', mimeType: 'application/gzip' }, context);
    },
  };
}
