import { open, stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { chunksOf, dataExtents } from './blockMap.ts';
import { compressPieces } from './compressPieces.ts';
import type { DiskWriting } from './diskWriting.ts';

const memberSize = 2 ** 20;
const level = 1;

/**
 * Compresses a file, which may be a sparse disk, as a gzip file of many members (RFC 1952, 2.2), which any gunzip puts together again.
 * Members are independent: all processors compress, and a hole costs one member that was compressed once.
 */
export async function gzipFile(request: DiskWriting): Promise<void> {
  const { source, target, signal, onProgress } = request;
  const extents = await dataExtents(source, request.sandbox);
  const { size } = await stat(source);
  const count = Math.ceil(size / memberSize);
  await using output = await open(target, 'w');
  let [done, next] = [0, 0];
  const whole = gzipSync(Buffer.alloc(memberSize), { level: 9 });
  const write = async (member: Buffer): Promise<void> => {
    await output.writeFile(member);
    next += 1;
  };
  const zeros = async (until: number): Promise<void> => {
    while (next < until) {
      const length = Math.min(memberSize, size - next * memberSize);
      await write(length === memberSize ? whole : gzipSync(Buffer.alloc(length), { level: 9 }));
    }
  };
  const members = compressPieces({
    ...{ source, signal, pieces: chunksOf(extents, memberSize), pieceSize: memberSize, isPadded: false },
    ...{ method: 'gzip', level },
  });
  for await (const { index, bytes } of members) {
    await zeros(index);
    if (bytes !== undefined) await write(bytes);
    done += 1;
    if (done % 16 === 0) onProgress(Math.min(next * memberSize, size), size);
  }
  await zeros(count);
  onProgress(size, size);
}
