import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const chunkSize = 2 ** 20;

/** Reads a file from start to end. Each chunk is the same memory: it is over when the next one is asked for. */
export async function* chunksIn(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path, 'r');
  const buffer = Buffer.allocUnsafeSlow(chunkSize);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, chunkSize);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The sum of a file, in hex; `onBytes` is told how many more were read. */
export async function hashOfFile(
  path: string,
  algorithm = 'sha256',
  onBytes: (count: number) => void = () => undefined,
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of chunksIn(path)) {
    hash.update(chunk);
    onBytes(chunk.length);
  }
  return hash.digest('hex');
}
