import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DebianRelease } from '../debian.ts';
import { compareVersions } from './versions.ts';
import { indexFolder } from './packageIndex.ts';

/** A package of the mirror. */
export interface CataloguePackage {
  /** The same as long as name, version and architecture are. */
  readonly id: number;
  readonly name: string;
  /** As Debian writes it. */
  readonly version: string;
  readonly arch: string;
  /** Of the file, in bytes. */
  readonly size: number;
}

interface Read {
  readonly stamp: number;
  readonly packages: readonly CataloguePackage[];
}

/** The packages of the mirror, as the index the last build has read says; read again when that has changed. */
export class Catalogue {
  readonly #cacheDir: string;
  readonly #read = new Map<string, Promise<Read>>();

  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir;
  }

  /** In the order of the index; undefined when no build has read the index of that release yet. */
  async packages(release: DebianRelease, mirror: string): Promise<readonly CataloguePackage[] | undefined> {
    const folder = indexFolder(this.#cacheDir, release, mirror);
    const refreshed = await stat(join(folder, 'refreshed')).catch(() => undefined);
    if (refreshed === undefined) return undefined;
    const known = await this.#read.get(folder)?.catch(() => undefined);
    if (known?.stamp === refreshed.mtimeMs) return known.packages;
    const reading = readLists(join(folder, 'lists')).then((packages) => ({
      stamp: refreshed.mtimeMs,
      packages,
    }));
    this.#read.set(folder, reading);
    return (await reading).packages;
  }
}

/** Only the newest version of each name. */
export function latestOf(packages: readonly CataloguePackage[]): readonly CataloguePackage[] {
  const newest = new Map<string, CataloguePackage>();
  for (const each of packages) {
    const known = newest.get(each.name);
    if (known === undefined || compareVersions(each.version, known.version) > 0) newest.set(each.name, each);
  }
  return [...newest.values()];
}

async function readLists(folder: string): Promise<readonly CataloguePackage[]> {
  const packages = new Map<number, CataloguePackage>();
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('_Packages')).sort()) {
    let fields: Record<string, string> = {};
    const keep = (): void => {
      const { Package: pkg, Version: version, Architecture: arch, Size: size } = fields;
      fields = {};
      if (pkg === undefined || version === undefined || arch === undefined) return;
      const id = idOf(`${pkg} ${version} ${arch}`);
      packages.set(id, { id, name: pkg, version, arch, size: Number(size ?? 0) });
    };
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      if (line === '') keep();
      const found = /^(Package|Version|Architecture|Size): (.*)$/.exec(line);
      if (found !== null) fields[found[1] ?? ''] = found[2] ?? '';
    }
    keep();
  }
  return [...packages.values()];
}

/** 48 bits of a hash: a whole number in every language, and the same in every index. */
function idOf(text: string): number {
  return parseInt(createHash('sha256').update(text).digest('hex').slice(0, 12), 16);
}
