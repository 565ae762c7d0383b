import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { BuildError } from '../../src/builder/index.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../support/builds.ts';

const run = promisify(execFile);

test('an image has i386 packages beside amd64 ones where the template asks for them', async (t) => {
  await using folder = await temporaryFolder();
  const { template, filesDir } = await exampleTemplate('minimal');
  const os = { ...template.stack.os, pkgs: [{ name: 'hello', arch: 'i686' }] };
  const example = { filesDir, template: { stack: { ...template.stack, os } } };
  const { artifact } = await startBuild(folder.path, example, {
    compress: true,
    targetFormat: { name: 'tar.gz' },
  });
  const built = await artifact.catch((error: unknown) => {
    const isOutOfStep = error instanceof BuildError && /i386 Packages\n.*unexpected size/.test(error.detail);
    if (!isOutOfStep) throw error;
  });
  if (built === undefined) {
    t.skip('The mirror’s lists of i386 packages are not those its release file promises.');
    return;
  }
  const { path, packages } = built;
  const architecturesOf = (wanted: string): string[] =>
    packages
      .filter(({ name }) => name === wanted)
      .map(({ arch }) => arch)
      .toSorted();
  assert.deepEqual(architecturesOf('hello'), ['i386']);
  assert.deepEqual(architecturesOf('libc6'), ['amd64', 'i386']);
  const text = async (file: string): Promise<string> =>
    (await run('tar', ['-xzOf', path, `./${file}`], { encoding: 'latin1' })).stdout;
  assert.equal((await text('usr/bin/hello')).charCodeAt(4), 1, 'a program of 32 bits');
  assert.equal(await text('var/lib/dpkg/arch'), 'amd64\ni386\n');
  const marks = await text('var/lib/apt/extended_states');
  assert.match(marks, /Package: libc6\nArchitecture: i386\nAuto-Installed: 1/);
});
