import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { packTemplate } from '../../../src/appliance/archive/packTemplate.ts';
import { unpackTemplate } from '../../../src/appliance/archive/unpackTemplate.ts';
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

test('a file that is not there is said with all else that is wrong', async () => {
  await using folder = await scratch();
  const file = join(folder.path, 'template.yml');
  const wrong = template.replace('config:', 'installation: { diskSize: 8GB, swapSize: -1 }\n  config:');
  const codes = (await problemsInText(file, wrong))?.map(({ code }) => code);
  assert.deepEqual(codes?.toSorted(), ['missing-file', 'wrong-type', 'wrong-type']);
});

test('what no builder of a template takes may be missing, and what one takes may not', async () => {
  await using folder = await scratch();
  const file = join(folder.path, 'template.yml');
  const builder = (type: string): string => `{ type: ${type}, hardwareSettings: { memory: 512 } }`;
  const rule = 'TargetFormat#name=KVM';
  const bundle = `{ name: b, version: '1', restrictionRule: '${rule}', files: [{ name: f, source: gone }] }`;
  const text = template.replace(/ {2}config:[^]*/, `  bundles:\n    - ${bundle}\n`);
  const codes = async (builders: string): Promise<readonly string[] | undefined> =>
    (await problemsInText(file, `${text}${builders}`))?.map(({ code }) => code);
  assert.deepEqual(await codes(`builders: [${builder('QCOW2')}]\n`), []);
  assert.deepEqual(await codes(`builders: [${builder('QCOW2')}, ${builder('KVM')}]\n`), ['missing-file']);
  // Nobody says which formats it is for.
  assert.deepEqual(await codes(''), ['missing-file']);
  await writeFile(file, `${text}builders: [${builder('QCOW2')}, ${builder('KVM')}]\n`);
  await assert.rejects(packTemplate(file, { formats: ['KVM'] }), /There is no file .*gone/);
  const archive = await packTemplate(file, { formats: ['QCOW2'] });
  const unpacked = await unpackTemplate(archive.content(), join(folder.path, 'unpacked'));
  assert.equal(unpacked.template.stack.bundles?.[0]?.name, 'b');
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
