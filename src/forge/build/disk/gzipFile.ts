import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Buffers } from './appender.ts';
import { chunksOf, dataExtents } from './blockMap.ts';
import type { DiskWriting } from './diskWriting.ts';
import { inOrder } from './inOrder.ts';

const memberSize = 2 ** 20;
const gzipAsync = promisify(gzip);

/**
 * Compresses a file, which may be a sparse disk, as a gzip file of many members (RFC 1952, 2.2), which any gunzip puts together again.
 * Members are independent: both cores compress, and a hole costs one member that was compressed once.
 */
export async function gzipFile(request: DiskWriting): Promise<void> {
  const { source, target, signal, onProgress } = request;
  const withData = new Set(chunksOf(await dataExtents(source, request.sandbox), memberSize));
  await using input = await open(source, 'r');
  await using output = await open(target, 'w');
  const { size } = await input.stat();
  const zeroMember = await gzipAsync(Buffer.alloc(memberSize), { level: 9 });

  const buffers = new Buffers(memberSize);
  const members = Array.from({ length: Math.ceil(size / memberSize) }, (_, index) => index);
  const compressed = inOrder(members, 8, async (index) => {
    const length = Math.min(memberSize, size - index * memberSize);
    if (!withData.has(index) && length === memberSize) return zeroMember;
    const buffer = buffers.take();
    const { bytesRead } = await input.read(buffer, 0, length, index * memberSize);
    if (bytesRead < length) throw new Error(`${source} has become shorter while it was compressed.`);
    const packed = await gzipAsync(buffer.subarray(0, length), { level: 3 });
    buffers.giveBack(buffer);
    return packed;
  });
  let done = 0;
  for await (const member of compressed) {
    signal.throwIfAborted();
    await output.writeFile(member);
    done += 1;
    if (done % 16 === 0 || done === members.length) onProgress(Math.min(done * memberSize, size), size);
  }
}
