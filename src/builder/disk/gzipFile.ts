import { open, stat } from 'node:fs/promises';
import { chunksOf, dataExtents } from './blockMap.ts';
import type { DiskWriting } from './diskWriting.ts';
import { gzipMembers, memberSize, zeroMember } from './gzipMembers.ts';

/** Compresses a file, which may be a sparse disk, as a gzip file: a hole costs members that were compressed once. */
export async function gzipFile(request: DiskWriting): Promise<void> {
  const { source, target, signal, onProgress } = request;
  const pieces = chunksOf(await dataExtents(source, request.sandbox), memberSize);
  const { size } = await stat(source);
  await using output = await open(target, 'w');
  const whole = zeroMember(memberSize);
  let next = 0;
  const hole = async (until: number): Promise<void> => {
    for (; next < until; next++) {
      const length = Math.min(memberSize, size - next * memberSize);
      await output.writeFile(length === memberSize ? whole : zeroMember(length));
    }
  };
  for await (const { index, member } of gzipMembers({ source, size, pieces, signal })) {
    await hole(index);
    await output.writeFile(member);
    next = index + 1;
    if (next % 16 === 0) onProgress(Math.min(next * memberSize, size), size);
  }
  await hole(Math.ceil(size / memberSize));
  onProgress(size, size);
}
