import { join } from 'node:path';
import { writeArchive, type ArchiveFile } from '../disk/archive.ts';
import { gzipFile } from '../disk/gzipFile.ts';
import type { DiskWriting } from '../disk/diskWriting.ts';
import type { Disk } from '../stages/createDisk.ts';
import type { FormatContext, Packed } from './format.ts';

/** Reports bytes as the progress of a stage. */
export function bytesReporter(
  { report }: Pick<FormatContext, 'report'>,
  activity: string,
): (done: number, total: number) => void {
  return (bytesLoaded, bytesTotal) =>
    report({ fraction: bytesTotal > 0 ? bytesLoaded / bytesTotal : 1, activity, bytesLoaded, bytesTotal });
}

/** What a writer of disk files gets, for a file of this build. */
export function writing(
  source: string,
  target: string,
  activity: string,
  context: FormatContext,
): DiskWriting {
  const { sandbox, signal } = context;
  return { source, target, sandbox, signal, onProgress: bytesReporter(context, activity) };
}

/** Where each disk's file of a kind is in a folder, in the disks' order. */
export function diskFilesIn(folder: string, count: number, extension: string): string[] {
  return Array.from({ length: count }, (_, index) => join(folder, `disk${index + 1}.${extension}`));
}

/** Writes each disk into a file of its own; the paths in the disks' order. */
export async function eachDisk(
  disks: readonly Disk[],
  { report, ...rest }: FormatContext,
  extension: string,
  write: (disk: Disk, target: string, context: FormatContext) => Promise<void>,
): Promise<string[]> {
  const targets = diskFilesIn(rest.workDir, disks.length, extension);
  for (const [index, disk] of disks.entries()) {
    const context: FormatContext = {
      ...rest,
      report: (step) => report({ ...step, fraction: (index + (step.fraction ?? 0)) / disks.length }),
    };
    await write(disk, targets[index] ?? '', context);
  }
  return targets;
}

/** Compresses a file of this build. */
export async function gzipped(path: string, context: FormatContext): Promise<string> {
  await gzipFile(writing(path, `${path}.gz`, 'gzip', context));
  return `${path}.gz`;
}

/** Puts files into a tar archive. */
export async function archived(
  files: readonly ArchiveFile[],
  extension: string,
  context: FormatContext,
): Promise<string> {
  const target = join(context.workDir, `packed.${extension}`);
  const { plan, signal } = context;
  await writeArchive({
    files,
    target,
    epoch: plan.epoch,
    signal,
    onProgress: bytesReporter(context, 'archive'),
  });
  return target;
}

/** A format's one file; where there are several, a tar archive of them. */
export async function single(
  paths: readonly string[],
  type: { readonly extension: string; readonly mimeType: string },
  context: FormatContext,
): Promise<Packed> {
  const [path = ''] = paths;
  if (paths.length === 1) return { path, ...type };
  const files = paths.map((each, index) => ({
    name: `${context.plan.fileBase}-disk${index + 1}.${type.extension}`,
    content: { path: each },
  }));
  return { path: await archived(files, 'tar', context), extension: 'tar', mimeType: 'application/x-tar' };
}
