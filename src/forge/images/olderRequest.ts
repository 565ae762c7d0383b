import { targetFormats } from '../../builder/index.ts';
import type { Image, Long } from '../../uforge/dto.ts';
import { megabyte } from '../../uforge/units.ts';

/**
 * A request as clients wrote it before target formats (UForge 3.6): the primitive format in `format/name`, the
 * sizes in `vmDiskSize` and `vmMemorySize`. What the newer elements say goes before.
 */
export function withNewerElements(image: Image): Image {
  const { format, vmDiskSize, vmMemorySize, ...rest } = image;
  const name = format?.name?.toLowerCase();
  const found = targetFormats.find(({ imageFormat }) => imageFormat.toLowerCase() === name);
  const sizes = {
    ...(isSaid(vmDiskSize) && { diskSize: inMegabytes(vmDiskSize) }),
    ...(isSaid(vmMemorySize) && { memorySize: inMegabytes(vmMemorySize) }),
  };
  const targetFormat = image.targetFormat ?? (found ? { name: found.name } : format && { name: format.name });
  return {
    ...rest,
    ...(targetFormat && { targetFormat }),
    ...(Object.keys(sizes).length > 0 && { installProfile: { ...sizes, ...image.installProfile } }),
  };
}

function isSaid(size: Long | undefined): size is Long {
  return size !== undefined && size > 0;
}

/** The schema says bytes, the samples of its time mean MB: nobody asks for 16 TB, nor for 16 MB in bytes. */
function inMegabytes(size: Long): number {
  const number = Number(size);
  return number < 16 * megabyte ? number : Math.ceil(number / megabyte);
}
