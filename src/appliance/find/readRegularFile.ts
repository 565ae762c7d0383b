import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { sentence } from '../../uforge/language/sentence.ts';
import { SaidError } from '../../uforge/language/saidError.ts';

/** More than any definition that is read has: 4 million characters. */
export const maxDefinitionBytes = 16 * 1024 ** 2;

const pieceBytes = 65_536;

/** A file can't be read: it is not there, no file, or too large. The message is a sentence that names it. */
export class UnreadableFile extends SaidError {
  override readonly name = 'UnreadableFile';
}

/** The text of a definition on the disk. @throws {UnreadableFile} */
export async function readDefinition(path: string): Promise<string> {
  return (await readRegularFile(path, maxDefinitionBytes)).toString('utf8');
}

/**
 * Reads a file and nothing else: a pipe would be waited for for ever, a device may do something when it is opened, and
 * what has no end fills the memory.
 * @param maxBytes most that is read
 * @throws {UnreadableFile}
 */
async function readRegularFile(path: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of regularFileBytes(path, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The same, piece by piece. */
export async function* regularFileBytes(path: string, maxBytes: number): AsyncGenerator<Buffer> {
  try {
    if (!(await stat(path)).isFile()) throw notAFile(path);
    // Somebody may have put a pipe in its place meanwhile: this does not wait for its other end.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile()) throw notAFile(path);
    if (found.size > maxBytes) throw tooLarge(path, maxBytes);
    let bytes = 0;
    // Not by its size: a file of /proc has none and may go on for ever.
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes));
      if (bytesRead === 0) return;
      bytes += bytesRead;
      if (bytes > maxBytes) throw tooLarge(path, maxBytes);
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw explained(path, error);
  }
}

function notAFile(path: string): UnreadableFile {
  return new UnreadableFile(sentence`${path} is no file: folders, pipes and devices are not read.`);
}

function tooLarge(path: string, maxBytes: number): UnreadableFile {
  return new UnreadableFile(sentence`${path} is larger than ${Math.floor(maxBytes / 1024 ** 2)} MB.`);
}

function explained(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOENT')
    return new UnreadableFile(sentence`There is no file ${path}.`, { cause: error });
  return new UnreadableFile(sentence`${path} can’t be read: ${error.message}.`, { cause: error });
}
