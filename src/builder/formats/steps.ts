import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeArchive, type ArchiveFile } from '../disk/archive.ts';
import type { DiskWriting } from '../disk/diskWriting.ts';
import { gzipFile } from '../disk/gzipFile.ts';
import { writeLiveFiles } from '../disk/live.ts';
import { rootTar } from '../root/rootTar.ts';
import type { Plan } from '../plan/plan.ts';
import type { FormatContext } from './format.ts';

/** Reports bytes as the progress of a stage. */
export function bytesReporter(
  { report }: Pick<FormatContext, 'report'>,
  activity: string,
): (done: number, total: number) => void {
  return (bytesLoaded, bytesTotal) =>
    report({ fraction: bytesTotal > 0 ? bytesLoaded / bytesTotal : 1, activity, bytesLoaded, bytesTotal });
}

/** What a writer of disk files gets. */
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
export function diskFilesIn(folder: string, { disks }: Plan, extension: string): string[] {
  return disks.map((_disk, index) => join(folder, `disk${index + 1}.${extension}`));
}

/** The one file of an image, in the folder of what a step makes. */
export function imageIn(folder: string, extension: string): string {
  return join(folder, `image.${extension}`);
}

/** Makes each disk's file of one kind into one of another. */
export async function eachDisk(
  { report, ...rest }: FormatContext,
  [before, after]: readonly [string, string],
  write: (source: string, target: string, context: FormatContext) => Promise<void>,
): Promise<string[]> {
  const { plan, from, into } = rest;
  const targets = diskFilesIn(into, plan, after);
  for (const [index, source] of diskFilesIn(from, plan, before).entries()) {
    await write(source, targets[index] ?? '', {
      ...rest,
      report: (step) => report({ ...step, fraction: (index + (step.fraction ?? 0)) / targets.length }),
    });
  }
  return targets;
}

/** Where there is nothing to do, files move on. */
export async function moveOn(
  paths: readonly string[],
  { into, report }: Pick<FormatContext, 'into' | 'report'>,
  activity: string,
): Promise<void> {
  report({ fraction: 1, activity });
  for (const path of paths) await rename(path, join(into, basename(path)));
}

/** The image is a file that is there already. */
export async function asImage(path: string, extension: string, { into }: FormatContext): Promise<void> {
  await rename(path, imageIn(into, extension));
}

/** A packed root becomes what a live system starts from. */
export async function liveConverted(context: FormatContext): Promise<void> {
  const { plan, from, into, sandbox } = context;
  const onProgress = bytesReporter(context, 'compressing the root');
  await writeLiveFiles({ rootTar: rootTar(from), folder: into, plan, sandbox, onProgress });
}

/** Compresses a file. */
export async function gzipped(source: string, target: string, context: FormatContext): Promise<void> {
  await gzipFile(writing(source, target, 'gzip', context));
}

/** The image is a tar archive of files. */
export async function archived(
  files: readonly ArchiveFile[],
  extension: string,
  context: FormatContext,
): Promise<void> {
  const { plan, signal, into } = context;
  const onProgress = bytesReporter(context, 'archive');
  await writeArchive({ files, target: imageIn(into, extension), epoch: plan.epoch, signal, onProgress });
}

/** The disks as files of an archive, in a folder of the image's name. */
export function archivedDisks({ plan, from }: FormatContext, extension: string): ArchiveFile[] {
  return diskFilesIn(from, plan, extension).map((path) => ({
    name: `${plan.fileBase}/${basename(path)}`,
    content: { path },
  }));
}

/** The image is one file of a kind for each disk; where there are several, a tar archive of them. */
export async function single(
  paths: readonly string[],
  extension: string,
  context: FormatContext,
): Promise<void> {
  const [path = ''] = paths;
  if (paths.length === 1) {
    await asImage(path, extension, context);
    return;
  }
  const files = paths.map((each, index) => ({
    name: `${context.plan.fileBase}-disk${index + 1}.${extension}`,
    content: { path: each },
  }));
  await archived(files, 'tar', context);
}
