import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, suite, test } from 'node:test';
import { promisify } from 'node:util';
import type { Repository, Template } from '../../../src/appliance/template/model/template.ts';
import { cacheDir, exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';
import { startPackageArchive, type PackageArchive } from '../../support/packageArchive.ts';

const run = promisify(execFile);

const hostOf = ({ url }: PackageArchive): string => new URL(url).host;

async function templateWith(repository: Repository): Promise<{ template: Template; filesDir: string }> {
  const { template, filesDir } = await exampleTemplate('minimal');
  const { stack } = template;
  const os = { ...stack.os, pkgs: [{ name: 'appliance-greeting' }], repositories: [repository] };
  return { template: { stack: { ...stack, name: 'greeting', os } }, filesDir };
}

const container = { targetFormat: { name: 'Docker' }, entrypoint: '["/usr/bin/hello"]' };

suite('an apt archive of a template', { timeout: 600_000 }, () => {
  afterEach(() => {
    delete process.env['FORGE_REPOSITORY_HOSTS'];
    delete process.env['FORGE_REPOSITORY_AUTH'];
  });

  test('is used while building, with a login that no template has, and nothing else reaches it', async () => {
    await using folder = await temporaryFolder();
    await using archive = await startPackageArchive(folder.path);
    archive.lock('builder:of-the-forge');
    process.env['FORGE_REPOSITORY_HOSTS'] = hostOf(archive);
    const { url, key } = archive;
    const named = await templateWith({ name: 'greetings', url, suite: 'greetings', key });

    const without = await startBuild(folder.path, named, container);
    await assert.rejects(without.artifact, {
      message: new RegExp(`^The archive ${url} wants a login: name a file with it`),
    });

    const logins = join(folder.path, 'logins');
    await writeFile(logins, `machine http://${hostOf(archive)} login builder password of-the-forge\n`);
    process.env['FORGE_REPOSITORY_AUTH'] = logins;
    const { artifact, log } = await startBuild(folder.path, named, container);
    const { packages, path } = await artifact;
    const found = packages.filter(({ name }) => ['appliance-greeting', 'hello'].includes(name));
    assert.deepEqual(
      found.map(({ name, profile }) => [name, profile]),
      [
        ['appliance-greeting', true],
        ['hello', false],
      ],
    );
    assert.ok(log.includes(`apt reaches ${hostOf(archive)}.`));
    assert.ok(!log.join('\n').includes('of-the-forge'));
    const layout = join(folder.path, 'layout');
    await mkdir(layout);
    await run('tar', ['-C', layout, '-xf', path]);
    const tag = (await run('umoci', ['ls', '--layout', layout])).stdout.trim();
    await run('umoci', ['unpack', '--rootless', '--image', `${layout}:${tag}`, join(folder.path, 'bundle')]);
    const inImage = (name: string): Promise<string> =>
      readFile(join(folder.path, 'bundle/rootfs/etc/apt', name), 'utf8');
    assert.equal(
      await inImage('sources.list.d/greetings.list'),
      `deb [signed-by=/etc/apt/keyrings/greetings.asc] ${url} greetings main\n`,
    );
    assert.equal(await inImage('keyrings/greetings.asc'), `${key.trim()}\n`);
  });

  test('is not reached on this computer or in a private network unless whoever runs the forge says so', async () => {
    await using folder = await temporaryFolder();
    await using archive = await startPackageArchive(folder.path);
    const { url, key } = archive;
    const named = await templateWith({ name: 'private', url, suite: 'greetings', key });
    const { artifact } = await startBuild(folder.path, named, container);
    await assert.rejects(artifact, {
      message:
        `The archive on ${hostOf(archive)}, which the template names, is on this computer, its link or a private ` +
        `network: a template may not reach that. Start the forge with FORGE_REPOSITORY_HOSTS=${hostOf(archive)} if it may.`,
    });
    assert.deepEqual(archive.asked, []);
  });

  test('is refused when another key has signed it, and when it serves another suite', async () => {
    await using folder = await temporaryFolder();
    await using archive = await startPackageArchive(folder.path);
    const others = join(folder.path, 'others');
    await mkdir(others);
    await using other = await startPackageArchive(others);
    process.env['FORGE_REPOSITORY_HOSTS'] = hostOf(archive);
    const { url, key } = archive;
    const wrong = await templateWith({ name: 'wrong', url, suite: 'greetings', key: other.key });
    await assert.rejects((await startBuild(folder.path, wrong, container)).artifact, {
      message: `The signature of ${url} can't be verified. Correct “key” in stack.os.repositories, “wrong”.`,
    });
    await archive.serve('security', { codename: 'greetings' });
    const swapped = await templateWith({ name: 'swapped', url, suite: 'security', key });
    await assert.rejects((await startBuild(folder.path, swapped, container)).artifact, {
      message: new RegExp(`^The archive ${url} serves greetings where security was asked for`),
    });
  });

  test('a package of a component that is not among the template’s is said to be there', async () => {
    await using folder = await temporaryFolder();
    const { template, filesDir } = await exampleTemplate('minimal');
    const os = { ...template.stack.os, pkgs: [{ name: 'firmware-linux' }] };
    const named = { template: { stack: { ...template.stack, os } }, filesDir };
    const { artifact } = await startBuild(folder.path, named, container, { cacheDir });
    await assert.rejects(artifact, {
      message:
        'There is no package “firmware-linux” (it is in non-free-firmware: add that to “components” of stack.os) in ' +
        'Debian 12 (bookworm, main).',
    });
  });
});
