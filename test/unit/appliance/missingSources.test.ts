import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { packTemplate } from '../../../src/appliance/archive/packTemplate.ts';
import { problemsInText } from '../../../src/appliance/language/problemsInText.ts';
import { DefinitionError } from '../../../src/appliance/text/definitionError.ts';

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

test('a pipe is no file to pack, and the check says so before', async () => {
  await using folder = await scratch();
  const bundle = "    - { name: b, version: '1', files: [{ name: pipe, source: pipe }] }\n";
  const text = template.replace(/ {2}config:[^]*/, `  bundles:\n${bundle}`);
  const [file, pipe] = [join(folder.path, 'template.yml'), join(folder.path, 'pipe')];
  await promisify(execFile)('mkfifo', [pipe]);
  await writeFile(file, text);
  const said = (await problemsInText(file, text))?.map(({ message }) => message);
  assert.deepEqual(said, [`${pipe} is neither a file nor a folder.`]);
  const packed = packTemplate(file);
  await assert.rejects(packed, (error) => {
    assert.ok(error instanceof DefinitionError);
    assert.deepEqual(
      error.problems.map(({ message }) => message),
      said,
    );
    return true;
  });
});

async function scratch(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'missing-sources-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
