import { open, stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { chunksOf, dataExtents } from './blockMap.ts';
import type { DiskWriting } from './diskWriting.ts';
import { gzipMembers, memberSize } from './gzipMembers.ts';
import { sparseHeader } from './sparseHeader.ts';

const block = 512;
/** tar's records: an archive is whole ones. */
const record = 20 * block;

/**
 * A gzip-compressed tar archive with a raw disk and its holes, in GNU's old format: what Google's and Oracle's importers
 * ask for. Our own because tar writes all of it to the disk first, and gzip reads it there with one processor.
 * @param name what the disk is called inside
 */
export async function writeSparseTarGz(request: DiskWriting, name: string, epoch: number): Promise<void> {
  const { source, target, sandbox, signal, onProgress } = request;
  const pieces = [...chunksOf(await dataExtents(source, sandbox), memberSize)];
  const { size } = await stat(source);
  const stretches = stretchesOf(pieces, size);
  const header = sparseHeader({ name, size, stretches, epoch });
  const total = stretches.reduce((sum, { length }) => sum + length, 0);
  await using output = await open(target, 'w');
  await output.writeFile(gzipSync(header));
  let done = 0;
  for await (const { member } of gzipMembers({ source, size, pieces, signal })) {
    await output.writeFile(member);
    done += 1;
    if (done % 16 === 0) onProgress(done * memberSize, pieces.length * memberSize);
  }
  const written = header.length + total;
  // Two blocks of zeros are the end, after whole blocks of data.
  const end = Math.ceil((written + 2 * block) / record) * record;
  await output.writeFile(gzipSync(Buffer.alloc(end - written)));
  onProgress(size, size);
}

/** Neighbouring pieces are one stretch. */
function stretchesOf(pieces: readonly number[], size: number): { start: number; length: number }[] {
  const stretches: { start: number; length: number }[] = [];
  for (const piece of pieces) {
    const start = piece * memberSize;
    const length = Math.min(memberSize, size - start);
    const last = stretches.at(-1);
    if (last !== undefined && last.start + last.length === start) last.length += length;
    else stretches.push({ start, length });
  }
  return stretches;
}
