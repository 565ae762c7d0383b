import { mkdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../uforge/systemError.ts';
import { linkOrCopy } from '../cache/cache.ts';
import { syncToDisk } from '../cache/sums.ts';
import { hashOfFile } from '../disk/chunks.ts';
import { BuildError } from '../model.ts';
import type { ResolvedPackage } from './aptSays.ts';

/** The mirror's package files in the cache. Each is what the mirror's signed index says it is, or it is not used. */
export class PackagePool {
  readonly #folder: string;
  readonly #log: (line: string) => void;

  constructor(cacheDir: string, log: (line: string) => void) {
    this.#folder = join(cacheDir, 'packages');
    this.#log = log;
  }

  /** Puts a package's file into the folder `into`; false when it is not there, or damaged and therefore gone now. */
  async take(pkg: ResolvedPackage, into: string): Promise<boolean> {
    const kept = join(this.#folder, nameIn(pkg));
    const taken = join(into, pkg.fileName);
    try {
      const now = new Date();
      await utimes(kept, now, now);
      await linkOrCopy(kept, taken);
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
      return false;
    }
    if ((await hashOfFile(taken)) === pkg.sha256) return true;
    this.#log(`In the cache, packages/${nameIn(pkg)} is damaged: it is removed and fetched anew.`);
    await rm(taken, { force: true });
    await rm(kept, { force: true });
    return false;
  }

  /** Keeps what was fetched into the folder `from`. @throws {BuildError} when that is not what the index promised */
  async keep(packages: readonly ResolvedPackage[], from: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const now = new Date();
    for (const pkg of packages) {
      const file = join(from, pkg.fileName);
      if ((await hashOfFile(file)) !== pkg.sha256) {
        throw new BuildError(
          `What the mirror has sent as ${pkg.fileName} is not what its index says. Try again, or use another mirror.`,
        );
      }
      // It has the mirror's date; the cache goes by when a file was used last.
      await utimes(file, now, now);
      await syncToDisk(file);
      await linkOrCopy(file, join(this.#folder, nameIn(pkg)));
    }
    await syncToDisk(this.#folder);
  }
}

/** Another archive's package is another one, whatever it is called. */
function nameIn({ fileName, from, sha256 }: ResolvedPackage): string {
  return from === undefined ? fileName : `${sha256}-${fileName}`;
}
