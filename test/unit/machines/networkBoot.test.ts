import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serveNetworkBoot } from '../../../src/machines/networkBoot.ts';

test('a machine that starts over the network gets what its script names, and nothing beside it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'network-boot-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'nginx.ipxe');
  await writeFile(path, '#!ipxe\nkernel ${files}/vmlinuz fetch=${files}/filesystem.squashfs\nboot\n');
  for (const name of ['vmlinuz', 'filesystem.squashfs', '.netrc', 'diary.txt'])
    await writeFile(join(folder, name), name);
  const into = join(folder, 'into');
  await mkdir(into);
  await using served = await serveNetworkBoot({ path, targetFormat: 'PXE' }, into);
  const script = await readFile(join(served.folder, served.file), 'utf8');
  const port = /^set files http:\/\/10\.0\.2\.2:(\d+)$/m.exec(script)?.[1] ?? '';
  const asked = async (name: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}/${name}`);
    return answer.ok ? await answer.text() : String(answer.status);
  };
  assert.equal(await asked('vmlinuz'), 'vmlinuz');
  assert.equal(await asked('filesystem.squashfs'), 'filesystem.squashfs');
  for (const name of ['.netrc', 'diary.txt', 'absent', '..%2f..%2fetc%2fhostname'])
    assert.equal(await asked(name), '404', name);
});
