import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { UnreadableFile } from '../appliance/find/readRegularFile.ts';
import { sentence } from '../uforge/language/sentence.ts';
import { writeWhole } from '../uforge/writeWhole.ts';

/** What the server said of a file, to be asked whether that is still so. */
export interface Kept {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** Where an address's file is kept, and how large it may be. */
export interface SourcePlace {
  readonly file: string;
  readonly address: string;
  readonly maxBytes: number;
}

/** What was fetched takes the place of what was kept, once all of it is there. @throws {UnreadableFile} too large */
export async function keep(
  body: AsyncIterable<Uint8Array>,
  kept: Kept,
  { file, address, maxBytes }: SourcePlace,
): Promise<void> {
  const part = `${file}.${randomUUID()}`;
  try {
    await using output = await open(part, 'wx', 0o600);
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(address, maxBytes);
      await output.write(chunk);
    }
    // Without what was said of the last one: nothing is taken for what it is not.
    await rm(`${file}.json`, { force: true });
    await rename(part, file);
    await writeWhole(`${file}.json`, JSON.stringify(kept));
  } finally {
    await rm(part, { force: true });
  }
}

export function tooLarge(address: string, maxBytes: number): UnreadableFile {
  return new UnreadableFile(sentence`“${address}” is larger than ${maxBytes / 1024 ** 2} MB.`);
}

export function isKept(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

export async function readKept(file: string): Promise<Kept> {
  try {
    if (!(await isKept(file))) return {};
    return JSON.parse(await readFile(`${file}.json`, 'utf8')) as Kept;
  } catch {
    return {};
  }
}
