import type { Sandbox } from '../sandbox/sandbox.ts';

/** A stretch of a disk that holds data; everything between is zero. Bytes. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

interface MapEntry {
  start: number;
  length: number;
  zero: boolean;
  data: boolean;
}

/** Where a sparse raw disk has data, as qemu-img sees it: the holes of a file need not be read. */
export async function dataExtents(disk: string, sandbox: Sandbox): Promise<Extent[]> {
  const json = await sandbox.run('exec qemu-img map -f raw --output=json "$DISK"', {
    env: { DISK: disk },
    reads: [disk],
    capture: true,
  });
  const entries = JSON.parse(json) as MapEntry[];
  return entries.filter((entry) => entry.data && !entry.zero).map(({ start, length }) => ({ start, length }));
}

/** The aligned chunks of `size` bytes that touch an extent, each once, in order. */
export function* chunksOf(extents: readonly Extent[], size: number): Generator<number> {
  let next = 0;
  for (const { start, length } of extents) {
    const last = Math.ceil((start + length) / size);
    for (let chunk = Math.max(next, Math.floor(start / size)); chunk < last; chunk++) yield chunk;
    next = Math.max(next, last);
  }
}
