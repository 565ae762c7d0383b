import { mkdir, stat, statfs } from 'node:fs/promises';
import { megabyte } from '../../uforge/units.ts';
import type { Cache } from '../cache/cache.ts';
import { BuildError, type BuildRequest } from '../model.ts';
import { stages, type StageName } from './progress.ts';

/** What a stage will write into a folder of a build; rather too much than too little. */
export interface Need {
  readonly stage: StageName;
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Throws a `BuildError` when a folder's file system has less free for this user than a stage is going to write. Before
 * that, the cache gives way where it is on that file system and that is enough.
 */
export async function assertFreeSpace(
  { stage, folder, bytes }: Need,
  request: BuildRequest,
  { cache, log }: { readonly cache: Pick<Cache, 'giveWay'>; readonly log: (line: string) => void },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await freeBytes(folder)) >= bytes) return;
  const hasCache = await shareDisk(folder, request.cacheDir);
  const gone = hasCache ? await cache.giveWay(bytes, () => freeBytes(folder)) : [];
  if (gone.length > 0) log(`The disk is short of room, so the cache has given up ${gone.join(', ')}.`);
  const free = await freeBytes(folder);
  if (free >= bytes) return;
  throw new BuildError(
    `The disk is full: “${stages[stage].title}” needs ${inMegabytes(bytes)} in ${folder}, and ` +
      `${inMegabytes(free)} are free${hasCache ? ', and all that the cache keeps would not be enough' : ''}. ` +
      `Free some, or start the forge with ${elsewhere(folder, request)}.`,
  );
}

/** The sentence for a stage that was told by a tool that there is no room. */
export async function diskFullSentence(stage: StageName, request: BuildRequest): Promise<string> {
  const { workDir } = request;
  const free = await freeBytes(workDir).catch(() => 0);
  return (
    `The disk is full: “${stages[stage].title}” has run out of room in ${workDir} or ${request.cacheDir} ` +
    `(${inMegabytes(free)} are free now). ${await remedy(workDir, request)}`
  );
}

/** What a person can do: the cache can take less where it shares the disk, else the folder can be another. */
async function remedy(folder: string, request: BuildRequest): Promise<string> {
  if (await shareDisk(request.workDir, request.cacheDir)) {
    return 'Free some, or let the forge’s cache take less: applianceForge.forge.cacheGigabytes in the settings, --cache-gb on the command line.';
  }
  return `Free some, or start the forge with ${elsewhere(folder, request)}.`;
}

function elsewhere(folder: string, { cacheDir }: BuildRequest): string {
  return folder === cacheDir ? 'its cache elsewhere (--cache or FORGE_CACHE)' : 'its data elsewhere (--data)';
}

/** Whether what is written into one folder is missing in the other. */
export async function shareDisk(one: string, other: string): Promise<boolean> {
  const devices = await Promise.all(
    [one, other].map(async (path) => (await stat(path).catch(() => undefined))?.dev),
  );
  return devices[0] === devices[1];
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / megabyte)} MB`;
}
