import { isDiskFull, isSystemError, sqliteErrorOf, type SystemError } from '../../uforge/systemError.ts';
import type { DataFolder } from './paths.ts';
import { StartError } from './startError.ts';

/** SQLite's result codes (sqlite.org/rescode.html). */
const sqlite = { readonly: 8, io: 10, corrupt: 11, cantOpen: 14, notADatabase: 26 } as const;

/**
 * Why the forge does not start and what to do, for the person whose computer it is; undefined when nobody can
 * know.
 */
export function whyNotStarted(error: unknown, { root, database }: DataFolder): string | undefined {
  if (error instanceof StartError) return error.message;
  if (isDiskFull(error)) return `The disk with ${root} is full. Free some of it, then start the forge again.`;
  switch (sqliteErrorOf(error)) {
    case undefined:
      return isSystemError(error) ? whyRefused(error, root) : undefined;
    case sqlite.corrupt:
    case sqlite.notADatabase:
      return `${database} is damaged. Restore it from a backup, or move ${root} away to begin anew.`;
    case sqlite.readonly:
    case sqlite.cantOpen:
      return `${database} can't be opened to write. Give the forge's user the right to read and write ${root}.`;
    case sqlite.io:
      return `${database} can't be read or written: the disk or the file system of ${root} fails.`;
    default:
      return undefined;
  }
}

/** The error with the sentence for that person, or as it is when there is none. */
export function asStartError(error: unknown, data: DataFolder): unknown {
  const why = whyNotStarted(error, data);
  return why === undefined ? error : new StartError(why, { cause: error });
}

function whyRefused(error: SystemError, root: string): string {
  const path = error.path ?? root;
  switch (error.code) {
    case 'EADDRINUSE':
      return 'The port is in use. Choose another one with --port.';
    case 'EACCES':
    case 'EPERM':
      if (error.syscall === 'listen')
        return 'The port is for root only. Choose one from 1024 on with --port.';
      return `There is no right to ${path}. Give it to the forge's user, or choose another folder with --data.`;
    case 'EROFS':
      return `${path} is on a file system that takes no changes. Choose another folder with --data.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} is not a folder. Move it away, or choose another folder with --data.`;
    case 'ENOENT':
      return `${path} can't be made: its file system takes no folders. Choose another folder with --data.`;
    default:
      return `${path} can't be used (${error.syscall}: ${error.code}). Choose another folder with --data.`;
  }
}
