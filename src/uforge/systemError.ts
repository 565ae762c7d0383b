/** What Node throws where the system refuses something. Its message names files of this computer. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/** @param codes any unless given */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is SystemError {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return false;
  return 'syscall' in error && (codes.length === 0 || codes.includes(error.code));
}

/** The number of the error when it is SQLite's: the primary one, of 8 bits (sqlite.org/rescode.html). */
export function sqliteErrorOf(error: unknown): number | undefined {
  const number = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof number === 'number' ? number & 0xff : undefined;
}

const sqliteFull = 13;

export function isDiskFull(error: unknown): boolean {
  return isSystemError(error, 'ENOSPC', 'EDQUOT') || sqliteErrorOf(error) === sqliteFull;
}

/** What people who may not know this computer's folders are told of an error of the system; undefined for any other. */
export function systemSentence(error: unknown): string | undefined {
  if (isDiskFull(error)) return 'The disk is full.';
  if (sqliteErrorOf(error) !== undefined)
    return 'The database can’t be read or written. The forge’s log says why.';
  if (!isSystemError(error)) return undefined;
  const what = meanings[error.code] ?? 'The computer refused an operation on a file';
  return `${what} (${error.syscall}: ${error.code}). The forge’s log says which.`;
}

const meanings: Readonly<Record<string, string>> = {
  EACCES: 'The forge has no right to a file it needs',
  EPERM: 'The forge has no right to a file it needs',
  EROFS: 'A file that has to be written can’t be written to',
  EEXIST: 'Something is there already where a file or folder has to be made',
  EISDIR: 'There is a folder where a file has to be',
  ENOTDIR: 'There is a file where a folder has to be',
  ENOTEMPTY: 'A folder that has to be empty is not',
  ENOENT: 'A file that is needed is not there',
  ENAMETOOLONG: 'The name of a file is too long',
  EMFILE: 'Too many files are open',
  ELOOP: 'Symbolic links go round in a circle',
  EIO: 'The disk can’t be read or written',
};
