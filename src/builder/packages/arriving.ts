import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { megabyte } from '../../uforge/units.ts';
import { laterOrInstead, type Supplier } from './supplier.ts';
import { BuildError } from '../model.ts';

/** How long a mirror may be silent. apt alone waits for each list by itself, which makes minutes of it. Seconds. */
const patience = 30;

/** What is as good as silence. Bytes a second. */
const leastSpeed = 1000;

export interface Arriving {
  /** Where the files arrive. */
  readonly folder: string;
  readonly supplier: Supplier;
  /** What it may send, bytes: a stranger's archive may go on for ever. */
  readonly most?: number;
  /** Seconds. */
  readonly patience?: number;
}

/**
 * Fetches into a folder for as long as something arrives there: when there is next to nothing for too long, the signal
 * ends it. Seconds are counted, not taken from a clock: a computer that sleeps has not waited.
 * @throws {BuildError} when the mirror hangs
 */
export async function whileArriving<T>(
  { folder, supplier, most = Infinity, patience: seconds = patience }: Arriving,
  fetch: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const hanging = new AbortController();
  let silent = 0;
  let known = 0;
  const look = async (): Promise<void> => {
    silent += 1;
    const arrived = await bytesIn(folder);
    if (arrived > most) {
      const says = `${supplier.called} sends more than ${Math.round(most / megabyte)} MB. ${supplier.instead}`;
      hanging.abort(new BuildError(says));
    }
    if (Math.abs(arrived - known) >= leastSpeed * silent) {
      known = arrived;
      silent = 0;
    }
    if (silent < seconds) return;
    hanging.abort(
      new BuildError(
        `${supplier.called} doesn't deliver: it has sent next to nothing for ${seconds} s. ` +
          laterOrInstead(supplier),
      ),
    );
  };
  const timer = setInterval(() => void look(), 1000);
  try {
    return await fetch(hanging.signal);
  } finally {
    clearInterval(timer);
  }
}

/** Of all files below it. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
