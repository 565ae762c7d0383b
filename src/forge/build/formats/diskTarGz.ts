import { join } from 'node:path';
import { writeSparseTarGz } from '../disk/sparseTarGz.ts';
import type { StageReport } from '../progress.ts';
import type { System } from '../systems.ts';
import { rawFile } from './diskFiles.ts';
import { diskFiles } from './diskFormat.ts';
import { compressedShare, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { single, writing } from './steps.ts';

/** A format that is a raw disk in a gzip-compressed tar archive. The disk is called disk.raw inside. */
export function diskTarGz(init: { name: string; description: string; system: System }): ImageFormat {
  return {
    info: infoOf(init.name, init.description),
    system: init.system,
    room: () => ({ convert: 0, pack: compressedShare }),
    convert: async ({ disks }, context) => await diskFiles(rawFile, disks, context),
    async pack(converted, _output, context) {
      const packed: string[] = [];
      for (const [index, disk] of converted.entries()) {
        const target = join(context.workDir, `packed${index + 1}.tar.gz`);
        const report = (step: StageReport): void =>
          context.report({ ...step, fraction: (index + (step.fraction ?? 0)) / converted.length });
        const request = writing(disk, target, 'writing the archive', { ...context, report });
        await writeSparseTarGz(request, 'disk.raw', context.plan.epoch);
        packed.push(target);
      }
      return await single(packed, { extension: 'tar.gz', mimeType: 'application/gzip' }, context);
    },
  };
}
