import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { ImageFile, StartOptions } from '../../src/machines/index.ts';
import { boot, type Boot } from './boot.ts';

const run = promisify(execFile);

/** A copy of an image, a disk or a tar of disks, whose first disk has so many GB. */
export async function largerDisk(image: string, gigabytes: number): Promise<string> {
  const size = `${gigabytes}G`;
  if (!image.endsWith('.tar')) {
    const disk = `${image}.larger.qcow2`;
    await run('qemu-img', ['convert', '-O', 'qcow2', image, disk]);
    await run('qemu-img', ['resize', '-q', disk, size]);
    return disk;
  }
  const folder = `${image}.larger`;
  await mkdir(folder);
  await run('tar', ['-C', folder, '-xf', image]);
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.qcow2'));
  const [first = 'no disk'] = names.sort();
  await run('qemu-img', ['resize', '-q', join(folder, first), size]);
  await run('tar', ['-C', folder, '-cf', `${folder}.tar`, '.']);
  return `${folder}.tar`;
}

/**
 * Starts an image whose boot script `config/check.sh` says of each thing whether it is as it should be; fails with all that
 * is not.
 */
export async function askedInside(
  t: TestContext,
  filesDir: string,
  image: ImageFile,
  options: StartOptions = {},
): Promise<Boot> {
  const booted = await boot(image, [/CHECK-DONE/], { ...options, timeoutMs: 15 * 60_000 });
  const lines = booted.console.match(/CHECK (ok|BAD) .*/g) ?? [];
  for (const line of lines) t.diagnostic(line.trim());
  const wrong = lines.filter((line) => line.startsWith('CHECK BAD'));
  assert.deepEqual(wrong, []);
  const script = await readFile(join(filesDir, 'config/check.sh'), 'utf8');
  assert.equal(lines.length, script.match(/^check '/gm)?.length);
  return booted;
}
