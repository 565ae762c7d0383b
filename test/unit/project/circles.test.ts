import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { root } from '../../../scripts/lib/root.ts';
import { toolFile } from '../../../scripts/lib/tool.ts';

suite('Lint refuses circles of imports', () => {
  let folder: string;
  before(async () => {
    await mkdir(join(root, '.cache'), { recursive: true });
    folder = await mkdtemp(join(root, '.cache/circles-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** What the check of scripts/layers/lint.ts says to two files, the first of which imports a type of the second. */
  async function check(second: string): Promise<{ status: number | null; stdout: string }> {
    await writeFile(join(folder, 'a.ts'), `import type { B } from './b.ts';\nexport interface A { b: B }\n`);
    await writeFile(join(folder, 'b.ts'), second);
    const args = ['--config', 'scripts/lint/circles.mjs', '--output-type', 'err', folder];
    const program = toolFile('dependency-cruiser', 'depcruise');
    return spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' });
  }

  test('of types alone', async () => {
    const { status, stdout } = await check(
      `import type { A } from './a.ts';\nexport interface B { a?: A }\n`,
    );
    assert.notEqual(status, 0);
    assert.match(stdout, /no-circle: .*a\.ts|no-circle: .*b\.ts/);
  });

  test('of an import() that waits', async () => {
    const { status } = await check(`export type B = string;\nexport const later = () => import('./a.ts');\n`);
    assert.notEqual(status, 0);
  });

  test('and lets a file be that is only imported', async () => {
    const { status, stdout } = await check('export type B = string;\n');
    assert.equal(status, 0, stdout);
  });
});
