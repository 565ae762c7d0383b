import { writeSparseTarGz } from '../disk/sparseTarGz.ts';
import type { System } from '../plan/systems.ts';
import { rawFile } from './diskFiles.ts';
import { diskFiles } from './diskFormat.ts';
import { compressedShare, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { eachDisk, single, writing } from './steps.ts';

/** A format that is a raw disk in a gzip-compressed tar archive. The disk is called disk.raw inside. */
export function diskTarGz(init: { name: string; description: string; system: System }): ImageFormat {
  return {
    info: infoOf(init.name, init.description),
    system: init.system,
    room: () => ({ convert: 0, pack: compressedShare }),
    convert: async ({ disks }, context) => await diskFiles(rawFile, disks, context),
    async pack(_converted, { disks }, context) {
      const packed = await eachDisk(disks, context, 'tar.gz', async (disk, target, each) => {
        const request = writing(disk.path, target, 'writing the archive', each);
        await writeSparseTarGz(request, 'disk.raw', context.plan.epoch);
      });
      return await single(packed, { extension: 'tar.gz', mimeType: 'application/gzip' }, context);
    },
  };
}
