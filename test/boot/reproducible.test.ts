import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Artifact } from '../../src/builder/index.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../support/builds.ts';
import { withoutOutputs } from '../support/cacheFolder.ts';

/** Each kind of root, and each way to write an image: disk files, archives of them, live systems, containers. */
const formats = [
  ...['QCOW2', 'Hyper-V', 'Citrix Xen Server', 'Google Compute Engine', 'VirtualBox', 'OpenStack VDI'],
  ...['ISO', 'PXE', 'Docker', 'LXC Container'],
];

test(
  'the same requests make the same bytes, built twice with nothing in the cache',
  { timeout: 3_600_000 },
  async () => {
    const sums: Record<string, unknown>[] = [];
    for (const run of ['first', 'second']) {
      await using cache = await temporaryFolder();
      // Packages and index stay: it is about what is made of the same mirror.
      const cacheDir = await withoutOutputs(join(cache.path, run));
      const made: Record<string, unknown> = {};
      for (const name of formats) {
        await using folder = await temporaryFolder();
        const image = {
          ...{ compress: true, targetFormat: { name }, installProfile: { diskSize: 2048 } },
          ...(name === 'Docker' && { entrypoint: '["/bin/sh"]' }),
        };
        const { artifact } = await startBuild(folder.path, await exampleTemplate('nginx'), image, {
          cacheDir,
        });
        made[name] = await sumsOf(await artifact);
      }
      sums.push(made);
    }
    assert.deepEqual(sums[0], sums[1]);
  },
);

/** The image's own, and those of the files that are served beside it. */
async function sumsOf({ sha256, filesDir }: Artifact): Promise<unknown> {
  if (filesDir === undefined) return sha256;
  const served = (await readdir(filesDir)).map(async (name) => {
    const content = await readFile(join(filesDir, name));
    return [name, createHash('sha256').update(content).digest('hex')] as const;
  });
  return { sha256, ...Object.fromEntries(await Promise.all(served)) };
}
