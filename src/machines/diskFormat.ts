import { open } from 'node:fs/promises';
import { sentence } from '../uforge/language/sentence.ts';
import { isRecord } from '../uforge/isRecord.ts';
import { MachineError } from './machineError.ts';
import { output } from './program.ts';

/** As QEMU calls them. */
export type DiskFormat = 'qcow2' | 'vmdk' | 'vhdx' | 'vpc' | 'vdi' | 'raw';

/** At the beginning of a file (qemu's block drivers, `*_probe`). */
const beginnings: readonly (readonly [text: string, format: DiskFormat])[] = [
  ['QFI\xfb', 'qcow2'],
  ['KDMV', 'vmdk'],
  ['# Disk DescriptorFile', 'vmdk'],
  ['vhdxfile', 'vhdx'],
  ['conectix', 'vpc'],
  ['<<< ', 'vdi'],
];

/**
 * What a disk file is, by what is in it. What is called raw is raw: a guest writes there what it likes. A fixed VHD has
 * its mark at the end.
 */
export async function diskFormatOf(path: string): Promise<DiskFormat> {
  if (/\.raw$/i.test(path)) return 'raw';
  const beginning = (await readRange(path, 0, 64)).toString('latin1');
  const found = beginnings.find(([text]) => beginning.startsWith(text));
  if (found !== undefined) return found[1];
  const end = (await readRange(path, -512, 8)).toString('latin1');
  return end === 'conectix' ? 'vpc' : 'raw';
}

/**
 * A disk that leads to other files would show them to the machine: whoever made it could read what is on this computer.
 * @throws {MachineError} for such a one, and for what QEMU can't read
 */
export async function checkDisk(path: string, format: DiskFormat, signal?: AbortSignal): Promise<void> {
  if (format === 'raw') return;
  const said = await output('qemu-img', ['info', '--output=json', '-f', format, path], {
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (error instanceof MachineError || signal?.aborted === true) throw error;
    throw new MachineError('input', sentence`QEMU can’t read the disk ${path}.`, String(error));
  });
  const info: unknown = JSON.parse(said);
  const others = [...filesIn(info)].filter((file) => file !== path);
  if (others.length === 0) return;
  throw new MachineError(
    'input',
    sentence`The disk ${path} leads to another file, ${others[0] ?? ''}: it is not started.`,
  );
}

/** The files that `qemu-img info` names, however deep. */
function* filesIn(info: unknown): Generator<string> {
  if (Array.isArray(info)) for (const each of info) yield* filesIn(each);
  if (!isRecord(info)) return;
  for (const [key, value] of Object.entries(info)) {
    const isName = /^(filename|(full-)?backing-filename|data-file|data-file-raw)$/.test(key);
    if (isName && typeof value === 'string') yield value;
    else yield* filesIn(value);
  }
}

/** Bytes of a file; from its end where `start` is negative. */
export async function readRange(path: string, start: number, length: number): Promise<Buffer> {
  await using file = await open(path);
  const from = start < 0 ? Math.max(0, (await file.stat()).size + start) : start;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}
