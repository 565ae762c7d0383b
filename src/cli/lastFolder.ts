import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isBelow } from '../appliance/archive/outsideSources.ts';

/**
 * The last folder a template is looked for in: the root of the file's repository; else the current folder,
 * when the file is below it; else the file's own. What lies above may be anybody's: everybody can put a
 * template into /tmp.
 */
export async function lastFolder(file: string): Promise<string> {
  const own = dirname(file);
  const current = process.cwd();
  return (await repositoryOf(own)) ?? (isBelow(own, current) ? current : own);
}

async function repositoryOf(folder: string): Promise<string | undefined> {
  const found = await stat(join(folder, '.git')).catch(() => undefined);
  // As Git has it: another user's repository decides nothing.
  if (found !== undefined && (process.getuid === undefined || found.uid === process.getuid())) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryOf(parent);
}
