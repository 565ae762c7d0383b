import { DatabaseSync } from 'node:sqlite';

/** Another forge serves the same data folder. */
export class DataFolderBusy extends Error {
  override readonly name = 'DataFolderBusy';
}

const sqliteBusy = 5;

/**
 * Takes the data folder for this process. The lock is SQLite's exclusive lock on an empty database: the kernel
 * drops it with the process, however that ends, so there is no stale lock to judge and no race to lose.
 * @throws {DataFolderBusy} when another process holds it
 */
export function lockDataFolder(lockFile: string): Disposable {
  const database = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) {
      throw new DataFolderBusy(`Another forge is using ${lockFile}.`, { cause: error });
    }
    throw error;
  }
  return { [Symbol.dispose]: () => database.close() };
}
