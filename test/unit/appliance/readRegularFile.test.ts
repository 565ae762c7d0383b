import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { packTemplate } from '../../../src/appliance/archive/packTemplate.ts';
import { readDefinition, UnreadableFile } from '../../../src/appliance/find/readRegularFile.ts';
import { start } from '../../support/commandLine.ts';

suite('a definition', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'read-test-'));
    await promisify(execFile)('mkfifo', [join(folder, 'pipe.xml'), join(folder, 'pipe.yml')]);
    await mkdir(join(folder, 'folder.xml'));
    await symlink('/dev/zero', join(folder, 'zero.xml'));
    await symlink('/dev/zero', join(folder, 'zero.yml'));
    await writeFile(join(folder, 'large.xml'), '');
    await truncate(join(folder, 'large.xml'), 2 * 1024 ** 3);
    await writeFile(join(folder, 'own.xml'), '<x/>');
  });
  after(() => rm(folder, { recursive: true }));

  test('that is a pipe, a device, a folder or without end is not read: a sentence says why', async () => {
    for (const [name, why] of [
      ['pipe.xml', /pipe\.xml is no file: folders, pipes and devices/],
      ['zero.xml', /zero\.xml is no file/],
      ['folder.xml', /folder\.xml is no file/],
      ['large.xml', /large\.xml is larger than 16 MB/],
      ['nowhere.xml', /There is no file .*nowhere\.xml/],
    ] as const) {
      await assert.rejects(readDefinition(join(folder, name)), (error) => {
        assert.ok(error instanceof UnreadableFile, String(error));
        assert.match(error.message, why);
        return true;
      });
    }
    assert.equal(await readDefinition(join(folder, 'own.xml')), '<x/>');
    // Has no size and is read to its end all the same.
    assert.match(await readDefinition('/proc/self/status'), /^Name:/);
  });

  test('like that ends the command line with 2 instead of hanging it', { timeout: 30_000 }, async () => {
    for (const name of ['pipe.xml', 'zero.yml', 'large.xml', 'pipe.yml']) {
      const { code, errors } = await start(['check', join(folder, name)], {});
      assert.equal(code, 2, errors);
      assert.match(errors, /is no file|is larger/);
    }
    const { code } = await start(['generate', join(folder, 'pipe.yml')], {});
    assert.equal(code, 2);
  });

  test('that names a pipe, a device or too large a file is refused with the place', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'source')]);
    const template = join(folder, 'template.yml');
    await writeFile(join(folder, 'huge.bin'), '');
    await truncate(join(folder, 'huge.bin'), 3 * 1024 ** 3);
    for (const [source, why] of [
      ['source', /template\.yml:6:\d+: error: .*is neither a file nor a folder/],
      ['huge.bin', /template\.yml:6:\d+: error: .*huge\.bin is larger than 512 MB/],
    ] as const) {
      await writeFile(
        template,
        `stack:
  name: web
  version: '1.0'
  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }
  config:
    - { name: hello, source: ${source}, type: bootscript, frequency: firstboot }\n`,
      );
      await assert.rejects(packTemplate(template), why);
    }
  });
});
