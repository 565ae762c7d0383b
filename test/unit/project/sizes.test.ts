import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../../../scripts/build.ts';
import { budgets, sizesOf } from '../../../scripts/sizes.ts';

test('the bundles stay within their budgets: 300 KB at activation, 1,500 KB without the forge', async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'af-sizes-'));
  try {
    const { activationKb, javascriptKb } = sizesOf(await bundle({ minify: true, outdir }));
    assert.ok(activationKb <= budgets.activationKb, `${Math.round(activationKb)} KB at activation`);
    assert.ok(javascriptKb <= budgets.javascriptKb, `${Math.round(javascriptKb)} KB without the forge`);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
});
