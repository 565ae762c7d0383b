import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSystemError } from '../systemError.ts';

/**
 * Makes a folder with the folders above it. What Node does by itself (`recursive`) never ends where a file system takes
 * no folders, as below `/proc`. @throws the system's error
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  const missing: string[] = [];
  for (let folder = path; !(await isThere(folder)); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    await mkdir(folder, { mode }).catch((error: unknown) => {
      // Another process may have made it in this moment.
      if (!isSystemError(error, 'EEXIST')) throw error;
    });
  }
}

/** @throws ENOTDIR for what is there and is no folder */
async function isThere(folder: string): Promise<boolean> {
  const found = await stat(folder).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (found === undefined || found.isDirectory()) return found !== undefined;
  throw Object.assign(new Error(`${folder} is no folder.`), {
    code: 'ENOTDIR',
    syscall: 'mkdir',
    path: folder,
  });
}
