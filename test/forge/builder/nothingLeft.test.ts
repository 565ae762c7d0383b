import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';
import { filesOfNobody } from '../../support/filesOfNobody.ts';

test(
  'every file of an image comes from its packages or its template: nothing of the build stays in it',
  { timeout: 300_000 },
  async () => {
    await using folder = await temporaryFolder();
    const { artifact } = await startBuild(folder.path, await exampleTemplate('nginx'), {
      compress: false,
      targetFormat: { name: 'tar.gz' },
    });
    assert.deepEqual(await filesOfNobody((await artifact).path), []);
  },
);
