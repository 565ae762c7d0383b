import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFilesKey } from '../cache/keys.ts';
import { takeOrMake } from '../cache/takeOrMake.ts';
import type { Output } from '../stages/outputs.ts';
import type { System } from '../plan/systems.ts';
import type { DiskFile } from './diskFiles.ts';
import type { Plan } from '../plan/plan.ts';
import { compressedShare, type FormatContext, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { diskFilesIn, eachDisk, gzipped, single } from './steps.ts';

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
    ...{ system, file },
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

/** Whether the cache keeps them for other formats. */
export function isKept(file: DiskFile | undefined, { compress }: Plan): file is DiskFile {
  return file?.isKept === true && compress;
}

/** The disks as files of that kind. */
export async function diskFiles(
  file: DiskFile,
  disks: Output['disks'],
  context: FormatContext,
): Promise<readonly string[]> {
  const { plan, cache, keys, workDir, signal, report, log } = context;
  const { write, extension } = file;
  if (write === undefined) {
    report({ fraction: 1, activity: 'a raw disk needs no conversion' });
    return disks.map(({ path }) => path);
  }
  if (!isKept(file, plan)) return await eachDisk(disks, context, extension, write);
  const key = diskFilesKey(keys, extension);
  const entry = await takeOrMake(
    {
      ...{ cache, kind: 'diskFiles', key, into: join(workDir, 'cached-disk-files'), signal },
      onTaken() {
        report({ fraction: 1, activity: 'from the cache' });
        log(`From the cache: diskFiles/${key}`);
      },
      onWait: () => report({ activity: 'waiting for another build that does the same' }),
    },
    async () => {
      const folder = join(workDir, 'new-disk-files');
      await mkdir(folder);
      await eachDisk(disks, { ...context, workDir: folder }, extension, write);
      return folder;
    },
  );
  return diskFilesIn(entry, disks.length, extension);
}
