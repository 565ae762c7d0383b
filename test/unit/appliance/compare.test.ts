import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { compareArchives } from '../../../src/appliance/archive/compare.ts';

const template = `
stack:
  name: web
  version: "1.0"
  os: { name: Debian, version: "12", arch: x86_64, pkgs: [{ name: nginx }] }
  installation: { rootUser: { password: secret } }
`;

suite('Comparing two archives of a template', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'af-compare-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const side = async (
    name: string,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<string> => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, name, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    return join(folder, name);
  };

  test('comments, order of keys, builders, hashed passwords and the language make no difference', async () => {
    const server = await side('server', { 'template.yml': template });
    const file = await side('file', {
      'template.json': JSON.stringify({
        builders: [{ type: 'QCOW2' }],
        stack: {
          version: '1.0',
          name: 'web',
          installation: { rootUser: { encrypted: true, password: '$6$hash' } },
          os: { arch: 'x86_64', name: 'Debian', version: '12', pkgs: [{ name: 'nginx' }] },
        },
      }),
    });
    assert.deepEqual(await compareArchives(server, file), []);
  });

  test('the template comes first, both sides in the order of the right one, and no password is in it', async () => {
    const server = await side('server', { 'template.yml': template, 'config/a.sh': 'one\n' });
    const changed = template.replace('{ name: nginx }', '{ name: nginx }, { name: curl }');
    const file = await side('file', { 'template.yml': changed, 'config/a.sh': 'two\n' });
    const [first, second, ...rest] = await compareArchives(server, file);
    assert.equal(first?.path, 'template.yml');
    assert.equal((first.right ?? '').replace('      - name: curl\n', ''), first.left);
    assert.doesNotMatch(first.right ?? '', /secret/);
    assert.deepEqual(second, { path: 'config/a.sh', left: 'one\n', right: 'two\n' });
    assert.deepEqual(rest, []);
  });

  test('a file that one side lacks, and one that is no text, are told as such', async () => {
    const server = await side('server', {
      'template.yml': template,
      'bundles/a/1/x.bin': new Uint8Array([0, 1]),
    });
    const file = await side('file', { 'template.yml': template, 'config/new.sh': 'echo\n' });
    const [binary, added, ...rest] = await compareArchives(server, file);
    assert.match(binary?.left ?? '', /^2 bytes, SHA-256 [0-9a-f]{64}\n$/);
    assert.equal(binary?.right, undefined);
    assert.deepEqual(added, { path: 'config/new.sh', right: 'echo\n' });
    assert.deepEqual(rest, []);
  });
});
