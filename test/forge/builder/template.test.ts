import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { promisify } from 'node:util';
import type { Template } from '../../../src/appliance/template/model/template.ts';
import { BuildError } from '../../../src/builder/index.ts';
import type { Image } from '../../../src/uforge/dto.ts';
import { cacheDir, exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';
import { everything } from '../../support/everythingTemplate.ts';
import { checkBuildable, simulate } from '../../support/plans.ts';

const run = promisify(execFile);
const qcow2 = { compress: true, targetFormat: { name: 'QCOW2' } };
const snapshots = process.env['FORGE_SNAPSHOT_MIRROR'];
after(() => {
  if (snapshots === undefined) delete process.env['FORGE_SNAPSHOT_MIRROR'];
  else process.env['FORGE_SNAPSHOT_MIRROR'] = snapshots;
});

type Stack = Template['stack'];

/** examples/minimal with something more in its stack, and files beside it. */
async function minimalWith(
  folder: string,
  more: Partial<Stack>,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<{ template: Template; filesDir: string }> {
  const { template } = await exampleTemplate('minimal');
  const filesDir = await mkdtemp(join(folder, 'beside-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(filesDir, name), content);
  return { template: { stack: { ...template.stack, ...more } }, filesDir };
}

/** The failure of a build that has to fail. */
async function failureOf(artifact: Promise<unknown>): Promise<BuildError> {
  const error = await artifact.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BuildError, String(error));
  return error;
}

const bundle = (...files: readonly NonNullable<Stack['bundles']>[number]['files'][number][]) => ({
  bundles: [{ name: 'b', version: '1', destination: '/opt/b', files }],
});

suite('the template of a build', () => {
  test(
    'that has every option is buildable, and its packages are known in seconds',
    { timeout: 120_000 },
    async () => {
      await using folder = await temporaryFolder();
      const { template, filesDir } = await everything(folder.path);
      const { problems, warnings } = checkBuildable({ template, image: qcow2 });
      assert.deepEqual(problems, []);
      assert.match(warnings.join('\n'), /“clouds-only 1” is left out of this image/);
      const workDir = join(folder.path, 'work');
      await mkdir(workDir);
      const log: string[] = [];
      const packages = await simulate(
        { template, filesDir, image: qcow2, revision: 1, workDir, cacheDir },
        { progress: () => undefined, log: (line) => log.push(line) },
        new AbortController().signal,
      );
      const versions = new Map(
        packages.map(({ name, version, release }) => [name, `${version}-${release ?? ''}`]),
      );
      assert.equal(versions.get('hello'), '2.10-3', 'pinned');
      assert.equal(versions.get('forge-sample'), '1.2-3', 'a file of a bundle');
      for (const name of [
        'cowsay',
        'sl',
        'openssh-server',
        'nftables',
        'console-setup',
        'xfsprogs',
        'btrfs-progs',
      ]) {
        assert.ok(versions.has(name), name);
      }
      assert.ok(log.some((line) => /^Warning: .*clouds-only 1/.test(line)));
      assert.deepEqual(await readdir(workDir), []);
    },
  );

  test(
    'is checked against the mirror as it is now with forceCheckingDeps, else as it was minutes ago',
    { timeout: 120_000 },
    async () => {
      await using folder = await temporaryFolder();
      const { template, filesDir } = await exampleTemplate('minimal');
      const workDir = join(folder.path, 'work');
      await mkdir(workDir);
      const asked = async (image: Image): Promise<number> => {
        await simulate(
          { template, filesDir, image: { ...qcow2, ...image }, revision: 1, workDir, cacheDir },
          { progress: () => undefined, log: () => undefined },
          new AbortController().signal,
        );
        // One of each set of sources that anybody has asked for; this build's is the one that is renewed.
        const indexes = (await readdir(join(cacheDir, 'index'))).filter((name) =>
          name.startsWith('bookworm-'),
        );
        const renewed = indexes.map((index) => stat(join(cacheDir, 'index', index, 'refreshed')));
        return Math.max(...(await Promise.all(renewed)).map(({ mtimeMs }) => mtimeMs));
      };
      const before = await asked({});
      assert.equal(await asked({}), before);
      assert.ok((await asked({ forceCheckingDeps: true })) > before);
    },
  );

  test('names packages that do not exist, with near misses', { timeout: 60_000 }, async () => {
    await using folder = await temporaryFolder();
    const { template } = await exampleTemplate('minimal');
    const pkgs = [{ name: 'ngnix' }, { name: 'openssh-serve' }, { name: 'hello' }, { name: 'qqqqqqqqq' }];
    const example = await minimalWith(folder.path, { os: { ...template.stack.os, pkgs } });
    const { artifact } = await startBuild(folder.path, example, qcow2);
    const { message } = await failureOf(artifact);
    assert.match(message, /“ngnix” \(did you mean “nginx”\?\)/);
    assert.match(message, /“openssh-serve” \(did you mean “openssh-server”\?\)/);
    assert.match(message, /“qqqqqqqqq”[^ (]*\.$/);
    assert.doesNotMatch(message, /“hello”/);
  });

  test('with a hostile archive is refused before anything is downloaded', { timeout: 60_000 }, async () => {
    await using folder = await temporaryFolder();
    const example = await minimalWith(
      folder.path,
      bundle({ name: 'x.zip', source: 'x.zip', extract: true }, { name: 'y.deb', source: 'y.deb' }),
      { 'x.zip': 'no archive', 'y.deb': 'no package' },
    );
    const { artifact, progress, workDir } = await startBuild(folder.path, example, qcow2);
    const { message } = await failureOf(artifact);
    assert.match(message, /^stack\.bundles\[0\]\.files\[0\]: the archive “x\.zip” is refused: it is damaged/);
    assert.deepEqual([...new Set(progress.map((step) => step.stage))], ['Checking dependencies']);
    assert.deepEqual(await readdir(workDir), []);
  });

  test('with a package whose file has blanks in its name installs it, not what the words say', async () => {
    await using folder = await temporaryFolder();
    await cp(join(import.meta.dirname, '../../appliances/everything/package'), join(folder.path, 'package'), {
      recursive: true,
    });
    await run('dpkg-deb', ['--root-owner-group', '--build', 'package', 'p.deb'], { cwd: folder.path });
    const name = 'no-such-package -o=x *.deb';
    const bytes = await readFile(join(folder.path, 'p.deb'));
    const example = await minimalWith(folder.path, bundle({ name, source: name }), { [name]: bytes });
    const workDir = join(folder.path, 'work');
    await mkdir(workDir);
    const packages = await simulate(
      { ...example, image: qcow2, revision: 1, workDir, cacheDir },
      { progress: () => undefined, log: () => undefined },
      new AbortController().signal,
    );
    assert.ok(packages.some((each) => each.name === 'forge-sample'));
  });

  test(
    'with a time zone its own tzdata lacks fails with that sentence, though Node knows it',
    { timeout: 300_000 },
    async () => {
      await using folder = await temporaryFolder();
      for (const timezone of ['europe/berlin', '../../../etc/hostname']) {
        const { artifact, workDir } = await startBuild(
          folder.path,
          await minimalWith(folder.path, { installation: { timezone } }),
          qcow2,
        );
        assert.match(
          (await failureOf(artifact)).message,
          new RegExp(`no time zone ${timezone}: correct stack`),
        );
        assert.deepEqual(await readdir(workDir), []);
      }
    },
  );

  test('with a program that fails in the build fails with its last lines', { timeout: 300_000 }, async () => {
    await using folder = await temporaryFolder();
    const program = '#!/bin/sh\necho "setting up for $1"\necho "no licence key" >&2\nexit 7\n';
    const example = await minimalWith(
      folder.path,
      bundle({ name: 'setup.sh', source: 'setup.sh', params: "'the test'" }),
      { 'setup.sh': program },
    );
    const { artifact, workDir } = await startBuild(folder.path, example, qcow2);
    const { message, detail } = await failureOf(artifact);
    assert.match(message, /stack\.bundles\[0\]\.files\[0\]: \/opt\/b\/setup\.sh ended with exit code 7/);
    assert.match(detail, /setting up for the test\n(.*\n)*.*no licence key/);
    assert.deepEqual(await readdir(workDir), []);
  });

  test('makes the groups that users are to be in, and says so', { timeout: 300_000 }, async () => {
    await using folder = await temporaryFolder();
    const installation = { users: [{ name: 'joe', secondaryGroups: 'nobodys' }] };
    const example = await minimalWith(folder.path, { installation });
    const image = { compress: true, targetFormat: { name: 'tar.gz' } };
    const { artifact, log } = await startBuild(folder.path, example, image);
    const { stdout } = await run('tar', ['-xzOf', (await artifact).path, './etc/group']);
    assert.match(stdout, /^nobodys:.*joe$/m);
    assert.ok(log.some((line) => line.includes('W: No package has made the group nobodys')));
  });

  test('with updateTo takes packages from the snapshot of that moment', { timeout: 120_000 }, async () => {
    await using folder = await temporaryFolder();
    const asked: string[] = [];
    // What a snapshot archive does, but for the date: the mirror has only today.
    const archive = createServer((request, response) => {
      asked.push(request.url ?? '');
      const path = (request.url ?? '').replace(/^\/archive\/(debian(?:-security)?)\/20260102T030000Z/, '/$1');
      response.writeHead(302, { location: `http://deb.debian.org${path}` }).end();
    });
    await new Promise<void>((resolve) => archive.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = archive.address() as AddressInfo;
      process.env['FORGE_SNAPSHOT_MIRROR'] = `http://127.0.0.1:${port}/archive/`;
      const { template, filesDir } = await exampleTemplate('minimal');
      const os = { ...template.stack.os, updateTo: '2026-01-02 03:00 UTC' };
      const workDir = join(folder.path, 'work');
      await mkdir(workDir);
      const cache = join(folder.path, 'cache');
      const stack = { ...template.stack, os };
      const packages = await simulate(
        { template: { stack }, filesDir, image: qcow2, revision: 1, workDir, cacheDir: cache },
        { progress: () => undefined, log: () => undefined },
        new AbortController().signal,
      );
      assert.ok(packages.some(({ name }) => name === 'systemd-sysv'));
      for (const archived of ['debian', 'debian-security']) {
        const start = `/archive/${archived}/20260102T030000Z/dists/bookworm`;
        assert.ok(
          asked.some((path) => path.startsWith(start)),
          asked.join('\n'),
        );
      }
    } finally {
      delete process.env['FORGE_SNAPSHOT_MIRROR'];
      archive.closeAllConnections();
      archive.close();
    }
  });
});
