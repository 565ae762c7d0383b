import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { templateNames } from '../../appliance/find/definitions.ts';
import { keyOf } from '../plan/debian.ts';
import type { ResolvedPackage } from '../packages/resolve.ts';
import type { Plan } from '../plan/plan.ts';

/** Counts up when the way an entry is made changes, so that older ones are not used any more. */
const recipes = { base: 7, installed: 5, root: 5, disks: 5, diskFiles: 1 };

/** What of a plan is neither in the root nor on the disk: all else is part of the keys, also what is added later. */
const outsideTheDisk = [
  'format',
  'compress',
  'memorySize',
  'hardwareType',
  'entrypoint',
  'fileBase',
] as const;
type OutsideTheDisk = (typeof outsideTheDisk)[number];

/** The names of a build's outputs in the cache, each the hash of all that goes into it. */
export interface Keys {
  readonly base: string;
  readonly installed: string;
  readonly root: string;
  readonly disks: string;
}

export interface KeyInputs {
  readonly plan: Plan;
  readonly base: readonly ResolvedPackage[];
  readonly extra: readonly ResolvedPackage[];
  /** Hash of the template archive's files. */
  readonly files: string;
}

export function keysOf({ plan, base, extra, files }: KeyInputs): Keys {
  const versions = (packages: readonly ResolvedPackage[]): string[] =>
    packages.map(({ name, version, sha256 }) => `${name}=${version} ${sha256}`).sort();
  const { release, mirror, system, epoch } = plan;
  const baseKey = keyOf(recipes.base, release, mirror, system.name, epoch, versions(base));
  // Packages may come out of the archive; all else of it is added later.
  const packageFiles = extra.some(({ local }) => local !== undefined) ? files : '';
  const installed = keyOf(recipes.installed, baseKey, versions(extra), packageFiles, onTheDisk(plan));
  const root = keyOf(recipes.root, installed, files);
  return {
    base: `${release.codename}-${system.name}-${baseKey}`,
    installed: `${plan.hostname}-${installed}`,
    root: `${plan.hostname}-${root}`,
    disks: `${plan.hostname}-${keyOf(recipes.disks, root)}`,
  };
}

/** Of the disks as files of one kind. */
export function diskFilesKey({ disks }: Keys, extension: string): string {
  return `${extension}-${keyOf(recipes.diskFiles, disks)}`;
}

function onTheDisk(plan: Plan): Omit<Plan, OutsideTheDisk> {
  const entries = Object.entries(plan).filter(([field]) => !outsideTheDisk.includes(field as OutsideTheDisk));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) as Omit<Plan, OutsideTheDisk>;
}

/** Names, modes and contents of everything in an unpacked archive but the template, which the plan stands for. */
export async function hashOfFiles(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const walk = async (relative: string): Promise<void> => {
    const path = join(folder, relative);
    const found = await lstat(path);
    if (found.isDirectory()) {
      for (const name of (await readdir(path)).sort()) {
        if (relative === '' && templateNames.includes(name)) continue;
        await walk(join(relative, name));
      }
      return;
    }
    hash.update(`${JSON.stringify([relative, found.mode & 0o7777, found.size])}\n`);
    if (found.isFile()) for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  };
  await walk('');
  return hash.digest('hex');
}
