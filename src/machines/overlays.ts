import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { messageOf } from '../uforge/messageOf.ts';
import { isSystemError } from '../uforge/systemError.ts';
import { sentence } from '../uforge/language/sentence.ts';
import type { DiskFormat } from './diskFormat.ts';
import type { Disk } from './disks.ts';
import { MachineError } from './machineError.ts';
import { missing, output } from './program.ts';
import { overlayName } from './qemuArguments.ts';

/** What the machine writes goes into files of its own; its disks are read only. */
export async function makeOverlays(folder: string, disks: readonly Disk[]): Promise<void> {
  for (const [index, { path, format }] of disks.entries()) {
    const overlay = join(folder, overlayName(index));
    const args = ['create', '-q', '-f', 'qcow2', '-F', format, '-b', path, overlay];
    await output('qemu-img', args).catch((error: unknown) => {
      if (error instanceof MachineError) throw error;
      throw new MachineError(
        'failed',
        sentence`There is no room for what the machine writes.`,
        messageOf(error),
      );
    });
  }
}

/** An overlay with the disk below it as one file; a running machine must have paused. */
export async function convertDisk(
  overlay: string,
  target: string,
  format: DiskFormat,
  { progress, signal }: { readonly progress: (percent: number) => void; readonly signal?: AbortSignal },
): Promise<void> {
  const shape = format === 'vmdk' ? ['-o', 'subformat=streamOptimized'] : [];
  const args = ['convert', '-p', '-U', '-f', 'qcow2', '-O', format, ...shape, overlay, target];
  const child = spawn('qemu-img', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const percent = [...text.matchAll(/\((\d+\.\d+)\/100%\)/g)].at(-1)?.[1];
    if (percent !== undefined) progress(Number(percent));
  });
  const [code] = (await once(child, 'close').catch(async (error: unknown) => {
    throw isSystemError(error, 'ENOENT') ? await missing('qemu-img') : error;
  })) as [number | null];
  if (code !== 0) throw new Error(said.trim());
}
