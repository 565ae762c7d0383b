import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { exampleTemplate, startBuild, temporaryFolder } from '../support/builds.ts';
import { withoutOutputs } from '../support/cacheFolder.ts';

test(
  'the same request makes the same bytes, built twice with nothing in the cache',
  { timeout: 1_800_000 },
  async () => {
    const sums: string[] = [];
    for (const run of ['first', 'second']) {
      await using folder = await temporaryFolder();
      // Packages and index stay: it is about what is made of the same mirror.
      const cacheDir = await withoutOutputs(join(folder.path, `cache-${run}`));
      const { artifact } = await startBuild(
        folder.path,
        await exampleTemplate('nginx'),
        { compress: true, targetFormat: { name: 'QCOW2' }, installProfile: { diskSize: 2048 } },
        { cacheDir },
      );
      sums.push((await artifact).sha256);
    }
    assert.equal(sums[0], sums[1]);
  },
);
