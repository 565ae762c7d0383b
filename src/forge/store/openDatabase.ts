import { readdirSync, statSync } from 'node:fs';
import { isDiskFull, sqliteErrorOf } from '../../uforge/systemError.ts';
import type { DataFolder } from '../process/paths.ts';
import { giveUpReserve } from './diskReserve.ts';
import { StartError } from '../process/startError.ts';
import { Database } from './database.ts';

/** What SQLite says, too, when there is no room for the files beside the database. */
const sqliteIo = 10;

/**
 * Opens the database of a data folder, or makes it in a new one; on a full disk in the room that was kept for
 * it.
 * @throws {StartError} when it has been lost
 */
export function openDatabase(data: DataFolder): Database {
  try {
    return openKnown(data);
  } catch (error) {
    if (!isDiskFull(error) && sqliteErrorOf(error) !== sqliteIo) throw error;
    giveUpReserve(data);
    return openKnown(data);
  }
}

/** One that has been lost is not made anew: everything beside it would belong to nobody. */
function openKnown(data: DataFolder): Database {
  const left = leftBeside(data);
  if (left !== '' && isMissingOrEmpty(data.database)) {
    throw new StartError(
      `${data.database} is missing or empty, and ${left} lie beside it in ${data.root}. ` +
        'Restore forge.db from a backup, or move these folders to another place to begin anew. Nothing was changed.',
    );
  }
  return new Database(data.database);
}

/** What there is that only a database can tell whose it is: “images/ (2)”. */
function leftBeside({ images, appliances, exports }: DataFolder): string {
  return Object.entries({ images, appliances, exports })
    .map(([name, folder]) => ({ name, count: readdirSync(folder).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name}/ (${count})`)
    .join(' and ');
}

/** Looks before SQLite does, which throws away the log of changes beside an empty file. */
function isMissingOrEmpty(file: string): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return size === 0 || Database.isBlank(file);
}
