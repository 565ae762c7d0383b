import { writeSparseTarGz } from '../disk/sparseTarGz.ts';
import type { Plan } from '../plan/plan.ts';
import { rawFile, type DiskFile } from './diskFiles.ts';
import { compressedShare, type ImageMaking } from './format.ts';
import { diskFilesIn, eachDisk, gzipped, moveOn, single, writing } from './steps.ts';

/** The disks as files of that kind: what every format that has disks begins with. */
export function disksAs(file: DiskFile): Pick<ImageMaking, 'convert' | 'kept'> {
  const { write, extension } = file;
  return {
    async convert(context) {
      if (write === undefined) {
        const disks = diskFilesIn(context.from, context.plan, extension);
        await moveOn(disks, context, 'a raw disk needs no conversion');
      } else await eachDisk(context, ['raw', extension], write);
    },
    kept: ({ compress, imageId }) =>
      file.isKept === true && compress ? { label: extension, options: { extension, imageId } } : undefined,
  };
}

/** What the disks' files of that kind take, in terms of the disks. */
export function roomFor({ write, compresses = false }: DiskFile, { compress }: Plan): number {
  return write === undefined ? 0 : compresses && compress ? compressedShare : 1;
}

/** An image that is one disk file. With `gzip`, a compressed one is a gzip file, since the disk file does not compress. */
export function diskImage(file: DiskFile, { gzip = false } = {}): ImageMaking {
  return {
    shape: file.shape,
    ...disksAs(file),
    room: (plan) => ({
      convert: roomFor(file, plan),
      // Several disks go into an archive.
      pack: gzip && plan.compress ? compressedShare : plan.disks.length > 1 ? 1 : 0,
    }),
    async pack(context) {
      const { plan, from } = context;
      const { extension } = file;
      if (!gzip || !plan.compress) {
        await single(diskFilesIn(from, plan, extension), extension, context);
        return;
      }
      const packed = await eachDisk(context, [extension, `${extension}.gz`], gzipped);
      await single(packed, `${extension}.gz`, context);
    },
  };
}

/** An image that is a raw disk in a gzip-compressed tar archive. The disk is called disk.raw inside. */
export const diskTarGz: ImageMaking = {
  shape: 'raw disk in tar',
  ...disksAs(rawFile),
  room: () => ({ convert: 0, pack: compressedShare }),
  async pack(context) {
    const packed = await eachDisk(context, ['raw', 'tar.gz'], async (source, target, each) => {
      const request = writing(source, target, 'writing the archive', each);
      await writeSparseTarGz(request, 'disk.raw', each.plan.epoch);
    });
    await single(packed, 'tar.gz', context);
  },
};
