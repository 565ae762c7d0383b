import type { Output } from '../outputs.ts';
import type { System } from '../systems.ts';
import type { DiskFile } from './diskFiles.ts';
import type { Plan } from '../plan.ts';
import { compressedShare, type FormatContext, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { eachDisk, gzipped, single } from './steps.ts';

interface DiskFormat {
  /** As in `targetFormat/name`. */
  readonly name: string;
  readonly description: string;
  readonly system: System;
  readonly file: DiskFile;
  /** A compressed image is a gzip file, since the disk file itself does not compress. */
  readonly gzip?: boolean;
}

/** A format that is one disk file, or a gzip file of one. */
export function diskFormat({ name, description, system, file, gzip = false }: DiskFormat): ImageFormat {
  return {
    info: infoOf(name, description),
    system,
    room: (plan) => ({
      convert: roomFor(file, plan),
      // Several disks go into an archive.
      pack: gzip && plan.compress ? compressedShare : plan.disks.length > 1 ? 1 : 0,
    }),
    convert: async ({ disks }, context) => await diskFiles(file, disks, context),
    async pack(converted, _output, context) {
      if (!gzip || !context.plan.compress) return await single(converted, file, context);
      const packed: string[] = [];
      for (const path of converted) packed.push(await gzipped(path, context));
      const type = { extension: `${file.extension}.gz`, mimeType: 'application/gzip' };
      return await single(packed, type, context);
    },
  };
}

/** What the disks' files of that kind take, in terms of the disks. */
export function roomFor({ write, compresses = false }: DiskFile, { compress }: Plan): number {
  return write === undefined ? 0 : compresses && compress ? compressedShare : 1;
}

/** The disks as files of that kind. */
export async function diskFiles(
  file: DiskFile,
  disks: Output['disks'],
  context: FormatContext,
): Promise<readonly string[]> {
  const { write } = file;
  if (write !== undefined) return await eachDisk(disks, context, file.extension, write);
  context.report({ fraction: 1, activity: 'a raw disk needs no conversion' });
  return disks.map(({ path }) => path);
}
