import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { forgeVersion } from '../../../src/forge/process/version.ts';

test('the forge says the version of its package', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  assert.equal(forgeVersion, manifest.version);
});
