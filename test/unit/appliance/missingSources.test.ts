import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { problemsInText } from '../../../src/appliance/language/problemsInText.ts';

const template = `stack:
  name: shop
  version: '1.0'
  os: { name: Debian, version: '12', arch: x86_64, profile: Minimal }
  config:
    - { name: setup, source: setup.sh, type: bootscript, frequency: firstboot, order: 1 }
`;

test('a file that a template names and that is not there is a problem of every check', async () => {
  await using folder = await scratch();
  const file = join(folder.path, 'template.yml');
  const said = async (): Promise<readonly string[] | undefined> =>
    (await problemsInText(file, template))?.map(({ code, range, message }) => {
      return `${range.start.line + 1} ${code}: ${message}`;
    });
  assert.deepEqual(await said(), [
    `6 missing-file: There is no file ${join(folder.path, 'setup.sh')}. Create it or correct the path.`,
  ]);
  await writeFile(join(folder.path, 'setup.sh'), '#!/bin/sh\n');
  assert.deepEqual(await said(), []);
});

async function scratch(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'missing-sources-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
