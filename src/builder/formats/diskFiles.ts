import { createHash } from 'node:crypto';
import { convertWithQemuImg } from '../disk/qemuImg.ts';
import { stampVdi, stampVhd, stampVhdx, type Stamp } from '../disk/stamp.ts';
import { writeStreamOptimizedVmdk } from '../disk/vmdk.ts';
import type { Plan } from '../plan/plan.ts';
import type { FormatContext, ImageShape } from './format.ts';
import { writing } from './steps.ts';

/** A kind of disk file: what it is called and how it is written from a raw disk. */
export interface DiskFile {
  readonly extension: string;
  readonly shape: ImageShape;
  /** It is compressed inside when an image is to be. */
  readonly compresses?: boolean;
  /** Compressed, it takes long and is the same in many formats: the cache keeps it. */
  readonly isKept?: boolean;
  /** Absent: the raw disk is the file. */
  readonly write?: (source: string, target: string, context: FormatContext) => Promise<void>;
}

export const rawFile: DiskFile = { extension: 'raw', shape: 'raw disk' };

/** zstd inside when compressed, which QEMU 5.1 and newer read. */
export const qcow2File: DiskFile = {
  extension: 'qcow2',
  shape: 'qcow2',
  compresses: true,
  write: async (source, target, context) => {
    const request = writing(source, target, 'writing the QCOW2 disk', context);
    await convertWithQemuImg(request, 'qcow2', 'compression_type=zstd', context.plan.compress);
  },
};

/** VMware's streamOptimized VMDK: what its importers, OpenStack and AWS take. */
export const vmdkFile: DiskFile = {
  extension: 'vmdk',
  shape: 'vmdk',
  compresses: true,
  isKept: true,
  write: async (source, target, context) =>
    await writeStreamOptimizedVmdk({
      ...writing(source, target, 'writing the VMDK disk', context),
      compress: context.plan.compress,
      contentId: context.plan.imageId.slice(0, 8),
    }),
};

/** A fixed VHD: the disk and a footer. Its size is whole MiB, as Azure wants it. */
export const fixedVhdFile: DiskFile = vhdFile('fixed');

/** A dynamic VHD: only what is used. */
export const dynamicVhdFile: DiskFile = vhdFile('dynamic');

export const vhdxFile: DiskFile = {
  extension: 'vhdx',
  shape: 'vhdx',
  async write(source, target, context) {
    const request = writing(source, target, 'writing the VHDX disk', context);
    await convertWithQemuImg(request, 'vhdx', 'subformat=dynamic');
    await stampVhdx(target, stampOf(context.plan));
  },
};

export const vdiFile: DiskFile = {
  extension: 'vdi',
  shape: 'vdi',
  async write(source, target, context) {
    await convertWithQemuImg(writing(source, target, 'writing the VDI disk', context), 'vdi', 'static=off');
    await stampVdi(target, stampOf(context.plan));
  },
};

function vhdFile(subformat: 'fixed' | 'dynamic'): DiskFile {
  return {
    extension: 'vhd',
    shape: 'vhd',
    async write(source, target, context) {
      const request = writing(source, target, 'writing the VHD disk', context);
      // Without it, the size is rounded to whole cylinders.
      await convertWithQemuImg(request, 'vpc', `subformat=${subformat},force_size=on`);
      await stampVhd(target, stampOf(context.plan));
    },
  };
}

function stampOf(plan: Plan): Stamp {
  return {
    id: createHash('sha256').update(`disk file\n${plan.imageId}`).digest().subarray(0, 16),
    epoch: plan.epoch,
  };
}
