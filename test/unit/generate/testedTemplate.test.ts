import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { InputError } from '../../../src/generate/inputError.ts';
import { testedTemplate } from '../../../src/generate/testedTemplate.ts';

const text = `stack: { name: web, version: '1.0', os: { name: Debian, version: '12', arch: x86_64, profile: Minimal } }
`;
const host = {
  read: (file: string) => readFile(file, 'utf8'),
  stopAt: (file: string) => dirname(file),
};

let folder = '';
before(async () => (folder = await mkdtemp(join(tmpdir(), 'tested-'))));
after(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

suite('the template whose tests are meant', () => {
  test('is the file itself, or the one beside an image or a request', async () => {
    const file = await write('template.yml', `${text}tests: [{ port: 22 }]\n`);
    for (const each of [file, join(folder, 'web.ova'), join(folder, 'representation.xml')]) {
      const found = await testedTemplate(each, host);
      assert.equal(found.file, file);
      assert.deepEqual(found.tests, [{ port: 22 }]);
    }
  });

  test('is refused with a sentence when it says nothing of a good image, or when there is none', async () => {
    const file = await write('template.yml', text);
    const without = (error: unknown): boolean =>
      error instanceof InputError && error.message.includes('has no “tests”');
    await assert.rejects(testedTemplate(file, host), without);
    await rm(file);
    await assert.rejects(testedTemplate(join(folder, 'web.ova'), host), /no template beside or above/);
  });
});
