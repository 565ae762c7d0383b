import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Metafile } from 'esbuild';
import { bundle } from '../../../scripts/build.ts';
import { root } from '../../../scripts/lib/root.ts';
import { budgets, sizesOf } from '../../../scripts/sizes.ts';

suite('The bundles', () => {
  let outdir: string;
  let metafile: Metafile;
  before(async () => {
    outdir = await mkdtemp(join(tmpdir(), 'af-bundles-'));
    metafile = await bundle({ minify: true, outdir });
  });
  after(() => rm(outdir, { recursive: true, force: true }));

  test('stay within their budgets: 300 KB at activation, 1,750 KB without the forge', () => {
    const { activationKb, javascriptKb } = sizesOf(metafile);
    assert.ok(activationKb <= budgets.activationKb, `${Math.round(activationKb)} KB at activation`);
    assert.ok(javascriptKb <= budgets.javascriptKb, `${Math.round(javascriptKb)} KB without the forge`);
  });

  test('hold exactly the packages that the manifest calls dependencies, and what those bring', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const imported = Object.entries(metafile.inputs)
      .filter(([file]) => file.startsWith('src/'))
      .flatMap(([, { imports }]) => imports)
      .map(({ path }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
    const packages = new Set(imported.filter((name) => name !== undefined));
    assert.deepEqual([...packages].sort(), Object.keys(manifest.dependencies).sort());
  });

  test('hold libraries as they are, and nothing in their place', () => {
    const strange = Object.keys(metafile.inputs).filter((file) => !/^(src|node_modules)\//.test(file));
    assert.deepEqual(strange, []);
  });
});

test('the types of VS Code are those of the oldest version that the extension runs in', async () => {
  const { engines, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly engines: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  assert.equal(engines['vscode'], `^${devDependencies['@types/vscode'] ?? ''}`);
});
