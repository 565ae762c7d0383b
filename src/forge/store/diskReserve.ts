import { rmSync, statSync, writeFileSync } from 'node:fs';
import type { DataFolder } from '../process/paths.ts';

/** Room for the files SQLite needs beside a database, and for some rows. */
const reserveBytes = 1024 ** 2;

/**
 * Keeps some room of the disk, so that a forge can start when others have filled it: that is how images are
 * deleted.
 */
export function keepReserve({ reserve }: DataFolder): void {
  if (statSync(reserve, { throwIfNoEntry: false })?.size === reserveBytes) return;
  try {
    writeFileSync(reserve, Buffer.alloc(reserveBytes), { mode: 0o600 });
  } catch {
    // The next start tries again.
    giveUpReserve({ reserve });
  }
}

export function giveUpReserve({ reserve }: Pick<DataFolder, 'reserve'>): void {
  rmSync(reserve, { force: true });
}
