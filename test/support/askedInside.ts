import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { boot, type Boot, type Machine } from './qemu.ts';

/** A disk of so many GB that starts with an image and leaves the image as it is. */
export async function largerDisk(image: string, format: string, gigabytes: number): Promise<string> {
  const disk = `${image}.larger.qcow2`;
  const backing = ['-b', image, '-F', format];
  await promisify(execFile)('qemu-img', [
    ...['create', '-q', '-f', 'qcow2', ...backing],
    ...[disk, `${gigabytes}G`],
  ]);
  return disk;
}

/**
 * Starts a machine whose boot script `config/check.sh` says of each thing whether it is as it should be; fails with all that
 * is not.
 */
export async function askedInside(t: TestContext, filesDir: string, machine: Machine): Promise<Boot> {
  const booted = await boot({ memory: 1024, ...machine }, [/CHECK-DONE/], { timeoutMs: 15 * 60_000 });
  assert.ok(booted.reached, booted.console.slice(-3000));
  const lines = booted.console.match(/CHECK (ok|BAD) .*/g) ?? [];
  for (const line of lines) t.diagnostic(line.trim());
  const wrong = lines.filter((line) => line.startsWith('CHECK BAD'));
  assert.deepEqual(wrong, []);
  const script = await readFile(join(filesDir, 'config/check.sh'), 'utf8');
  assert.equal(lines.length, script.match(/^check '/gm)?.length);
  return booted;
}
