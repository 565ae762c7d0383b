import { stat } from 'node:fs/promises';

/** Whether there is a file; what can't be looked at is none. */
export async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true;
}
