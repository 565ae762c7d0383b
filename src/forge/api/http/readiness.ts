import { access, constants, statfs } from 'node:fs/promises';
import type { Forge } from '../../process/forge.ts';
import { apiVersion, forgeVersion } from '../../process/version.ts';

/** Below this a build would hardly get through. */
const leastFreeBytes = 1e9;

/** Whether the forge can do what it is there for, part by part. */
export interface Readiness {
  readonly ready: boolean;
  readonly database: 'ok' | 'failing';
  readonly disk: 'ok' | 'full' | 'failing';
  readonly runners: 'ok' | 'draining';
  readonly version: string;
  readonly api: string;
}

export async function readinessOf(forge: Forge): Promise<Readiness> {
  const database = isAnswering(forge) ? 'ok' : 'failing';
  const disk = await stateOfDisk(forge.data.root);
  const runners = forge.generations.isEnding ? 'draining' : 'ok';
  const ready = database === 'ok' && disk === 'ok' && runners === 'ok';
  return { ready, database, disk, runners, version: forgeVersion, api: apiVersion };
}

function isAnswering(forge: Forge): boolean {
  try {
    forge.tickets.counts();
    return true;
  } catch {
    return false;
  }
}

async function stateOfDisk(folder: string): Promise<Readiness['disk']> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < leastFreeBytes ? 'full' : 'ok';
  } catch {
    return 'failing';
  }
}
