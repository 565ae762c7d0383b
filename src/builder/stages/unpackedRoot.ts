import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { megabyte } from '../../uforge/units.ts';
import type { InstalledPackage } from '../model.ts';
import type { ResolvedPackage } from '../packages/aptSays.ts';
import type { BuildFacts } from './buildFacts.ts';

/** What no package counts; bytes. */
const initialRamDisks = 100 * megabyte;

/** Where the root lies unpacked on its way from the base root to disks or an archive. */
export function rootFolder(workDir: string): string {
  return join(workDir, 'root');
}

/** About what the root takes; bytes. */
export function rootSize({ resolution, bundles }: Pick<BuildFacts, 'resolution' | 'bundles'>): number {
  return resolution.installedSize + bundles.size + initialRamDisks;
}

/** The list of what is installed, beside a root or the disks made from it. */
export function packagesIn(folder: string): string {
  return join(folder, 'packages.json');
}

export async function readPackages(folder: string): Promise<InstalledPackage[]> {
  return JSON.parse(await readFile(packagesIn(folder), 'utf8')) as InstalledPackage[];
}

/** What is to be installed, for a key: names, versions and sums, in any order. */
export function versionsOf(packages: readonly ResolvedPackage[]): readonly string[] {
  return packages.map(({ name, version, sha256 }) => `${name}=${version} ${sha256}`).sort();
}
