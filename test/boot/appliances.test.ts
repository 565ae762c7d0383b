import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, suite, test } from 'node:test';
import { promisify } from 'node:util';
import type { ImageFile } from '../../src/machines/index.ts';
import { startBuild, temporaryFolder, testAppliance } from '../support/builds.ts';
import { askedInside, largerDisk } from '../support/askedInside.ts';
import { startPackageArchive } from '../support/packageArchive.ts';

const run = promisify(execFile);
const limits = { timeout: 40 * 60_000 };
type Source = Awaited<ReturnType<typeof testAppliance>>;

/** An appliance in one of its formats. */
async function built(folder: string, source: Source, targetFormat: string): Promise<ImageFile> {
  const image = { compress: false, targetFormat: { name: targetFormat } };
  return { path: (await (await startBuild(folder, source, image)).artifact).path, targetFormat };
}

suite('appliances as engineers ship them do what they are for, as they say themselves', () => {
  test('lamp: Apache, PHP and MariaDB, on what VMware has', limits, async (t) => {
    await using folder = await temporaryFolder();
    const source = await testAppliance('lamp');
    await askedInside(t, source.filesDir, await built(folder.path, source, 'VMware vCenter'));
  });

  test('jump-host: SSH for a few, on what VirtualBox has', limits, async (t) => {
    await using folder = await temporaryFolder();
    const source = await testAppliance('jump-host');
    await askedInside(t, source.filesDir, await built(folder.path, source, 'VirtualBox'));
  });

  test('kubernetes-node: containerd as a kubelet wants it', limits, async (t) => {
    await using folder = await temporaryFolder();
    const { template, filesDir } = await testAppliance('kubernetes-node');
    const image = await built(folder.path, { template, filesDir }, 'QCOW2');
    await askedInside(t, filesDir, image, { memoryMb: 2048 });
  });

  test(
    'web-application: a virtual environment of Python behind nginx, on xfs that grows',
    limits,
    async (t) => {
      await using folder = await temporaryFolder();
      const { template, filesDir } = await testAppliance('web-application');
      const workspace = join(folder.path, 'workspace');
      await cp(filesDir, workspace, { recursive: true });
      await archiveGreeting(workspace, folder.path);
      const image = await built(folder.path, { template, filesDir: workspace }, 'KVM');
      await askedInside(t, filesDir, { ...image, path: await largerDisk(image.path, 6) });
    },
  );

  test('router: forwards, masquerades, gives addresses, and its root grows on a GPT', limits, async (t) => {
    await using folder = await temporaryFolder();
    const source = await testAppliance('router');
    const image = await built(folder.path, source, 'QCOW2');
    const path = await largerDisk(image.path, 6);
    await askedInside(t, source.filesDir, { ...image, path, cards: 2 });
  });

  test('five-disks: btrfs on all of them, and its root grows', limits, async (t) => {
    await using folder = await temporaryFolder();
    const source = await testAppliance('five-disks');
    const image = await built(folder.path, source, 'QCOW2');
    await askedInside(t, source.filesDir, { ...image, path: await largerDisk(image.path, 6) });
  });

  afterEach(() => {
    delete process.env['FORGE_REPOSITORY_HOSTS'];
  });

  test('company-archive: packages of one’s own, which are upgraded later', limits, async (t) => {
    await using folder = await temporaryFolder();
    await using archive = await startPackageArchive(folder.path);
    process.env['FORGE_REPOSITORY_HOSTS'] = new URL(archive.url).host;
    const { template, filesDir } = await testAppliance('company-archive');
    const [company] = template.stack.os.repositories ?? [];
    assert.ok(company);
    const repositories = [{ ...company, url: archive.url, key: archive.key }];
    const stack = { ...template.stack, os: { ...template.stack.os, repositories } };
    const image = await built(folder.path, { template: { stack }, filesDir }, 'QCOW2');
    await archive.publish('1.1');
    await askedInside(t, filesDir, image);
  });
});

/** What CI would make: an archive with the application in a virtual environment, its secret and its folders. */
async function archiveGreeting(workspace: string, folder: string): Promise<void> {
  const top = join(folder, 'greeting');
  const environment = join(top, 'venv');
  await run('python3', ['-m', 'venv', '--without-pip', '--symlinks', environment]);
  // The Python of this computer may be another one than the image's.
  const library = join(environment, 'lib');
  const [version = ''] = await readdir(library);
  const ofImage = join(library, 'python3.11');
  if (version !== 'python3.11') await rename(join(library, version), ofImage);
  await run('ln', ['-sfn', '/usr/bin/python3', join(environment, 'bin/python3')]);
  await cp(join(workspace, 'greeting'), join(ofImage, 'site-packages/greeting'), { recursive: true });
  await mkdir(join(top, 'static'));
  await writeFile(join(top, 'static/a picture.txt'), 'a picture\n');
  await mkdir(join(top, 'uploads'));
  await writeFile(join(top, 'secret'), 'nobody else’s\n', { mode: 0o640 });
  await run('tar', ['-czf', join(workspace, 'greeting.tar.gz'), '-C', folder, 'greeting']);
}
