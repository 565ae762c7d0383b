import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeIso } from '../../../src/builder/disk/iso.ts';
import { writeLiveFiles } from '../../../src/builder/disk/live.ts';
import type { Plan } from '../../../src/builder/plan/plan.ts';
import { packRoot } from '../../../src/builder/root/rootTar.ts';
import { Sandbox } from '../../../src/builder/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/builds.ts';

const run = promisify(execFile);

test('a live system is the same bytes whenever it is made, and only root may write into its root folder', async () => {
  await using folder = await temporaryFolder();
  const sandbox = new Sandbox(new AbortController().signal, () => undefined);
  const plan = {
    ...{ epoch: 1_783_764_000, hostname: 'live', applianceName: 'live', kernelParameters: [] },
    imageId: '00000000-0000-4000-8000-000000000000',
  } as unknown as Plan;
  const root = join(folder.path, 'root');
  await mkdir(join(root, 'boot'), { recursive: true });
  await chmod(root, 0o755);
  for (const name of ['vmlinuz-1', 'initrd.img-1']) await writeFile(join(root, 'boot', name), name);
  const rootTar = join(folder.path, 'root.tar');
  await packRoot({ root, tar: rootTar, size: 1 }, sandbox, () => undefined);

  const sums: string[] = [];
  for (const name of ['first', 'second']) {
    const place = join(folder.path, name);
    await mkdir(join(place, 'live'), { recursive: true });
    const onProgress = (): void => undefined;
    const live = await writeLiveFiles({ rootTar, folder: join(place, 'live'), plan, sandbox, onProgress });
    const target = join(place, 'live.iso');
    await writeIso({ live, target, folder: join(place, 'iso'), plan, sandbox, onProgress });
    const { stdout } = await run('unsquashfs', ['-lln', live.squashfs]);
    assert.match(stdout, /^drwxr-xr-x 0\/0 .* 2026-07-11 \S+ squashfs-root$/m);
    sums.push(
      createHash('sha256')
        .update(await readFile(target))
        .digest('hex'),
    );
    // The dates in these file systems are whole seconds.
    await pause(1100);
  }
  assert.equal(sums[0], sums[1]);
});
