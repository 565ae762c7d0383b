import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { whileGrowing } from '../growth.ts';
import type { StageReport } from '../progress.ts';
import { usedBytes } from '../space.ts';
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

/** Of the time it takes, compressing is the rest. */
const archiveShare = 0.2;

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
        const env = { DISK: disk, TARGET: target, EPOCH: String(plan.epoch) };
        const step = (from: number, part: number) => (report: StageReport) =>
          context.report({
            ...report,
            fraction: (index + from + part * (report.fraction ?? 0)) / converted.length,
          });
        const archiving = step(0, archiveShare);
        await whileGrowing(
          target,
          await usedBytes(disk),
          (fraction) => archiving({ fraction, activity: 'archive' }),
          () => sandbox.run(script, { env }),
        );
        packed.push(await gzipped(target, { ...context, report: step(archiveShare, 1 - archiveShare) }));
        await rm(target);
      }
      return await single(packed, { extension: 'tar.gz', mimeType: 'application/gzip' }, context);
    },
  };
}
