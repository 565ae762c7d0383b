import { DatabaseSync } from 'node:sqlite';
import { sqliteErrorOf } from '../../uforge/systemError.ts';
import { StartError } from './startError.ts';

/** Another forge serves the same data folder. */
export class DataFolderBusy extends Error {
  override readonly name = 'DataFolderBusy';
}

const sqliteBusy = 5;
const sqliteNotADatabase = 26;

/**
 * Takes the data folder for this process. The lock is SQLite's exclusive lock on an empty database: the
 * kernel drops it with the process, however that ends, so there is no stale lock to judge and no race to
 * lose.
 * @throws {DataFolderBusy} when another process holds it
 */
export function lockDataFolder(lockFile: string): Disposable {
  const database = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    // Without a file for the journal, which a full disk has no room for.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (sqliteErrorOf(error) === sqliteBusy) {
      throw new DataFolderBusy(`Another forge is using ${lockFile}.`, { cause: error });
    }
    if (sqliteErrorOf(error) === sqliteNotADatabase) {
      throw new StartError(
        `${lockFile} is damaged. It holds nothing: remove it, then start the forge again.`,
        {
          cause: error,
        },
      );
    }
    throw error;
  }
  return { [Symbol.dispose]: () => database.close() };
}
