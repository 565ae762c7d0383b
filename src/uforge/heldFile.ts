import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { isSystemError } from './systemError.ts';

/** How often whoever holds a file renews it, ms. */
export const renewMs = 5_000;
/** Whoever has not renewed theirs for so long, ms, has crashed or sleeps. */
const staleMs = 15_000;

/** Makes a file unless it is there: of all that try, one gets `true`, for the file system decides. */
export async function createFirst(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Takes a file nobody holds, in this process or another of this computer, or whose holder renews it no more.
 * @param owner the file's text: tells its holder from others
 * @param now ms since 1970
 */
export async function takeFile(file: string, owner: string, now: number): Promise<boolean> {
  const age = await stat(file).then(
    ({ mtimeMs }) => now - mtimeMs,
    () => undefined,
  );
  if (age !== undefined && age < staleMs) return false;
  if (age !== undefined) await rm(file, { force: true });
  if (!(await createFirst(file, owner))) return false;
  await utimes(file, now / 1000, now / 1000);
  return true;
}

/** Whether the file is still the owner's: after a sleep another may have taken it. Never rejects. */
export async function renewFile(file: string, owner: string, now: number): Promise<boolean> {
  try {
    if ((await readFile(file, 'utf8')) !== owner) return false;
    await utimes(file, now / 1000, now / 1000);
    return true;
  } catch {
    return false;
  }
}
