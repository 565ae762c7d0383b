import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Template } from '../../../src/appliance/template/model/template.ts';
import { BuildError } from '../../../src/builder/index.ts';
import { exampleNeverBuilt, exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';

const mirror = process.env['FORGE_MIRROR'];
after(() => {
  if (mirror === undefined) delete process.env['FORGE_MIRROR'];
  else process.env['FORGE_MIRROR'] = mirror;
});

const qcow2 = { compress: true, targetFormat: { name: 'QCOW2' } };

async function minimalWith(pkgs: NonNullable<Template['stack']['os']['pkgs']>): Promise<{
  template: Template;
  filesDir: string;
}> {
  const { template, filesDir } = await exampleTemplate('minimal');
  const { stack } = template;
  return { filesDir, template: { ...template, stack: { ...stack, os: { ...stack.os, pkgs } } } };
}

/** Processes of this computer whose environment or arguments name the folder. */
async function processesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  )) {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const text = (await read('cmdline')) + (await read('environ')) + (await read('mountinfo'));
    if (text.includes(folder)) found.push(pid);
  }
  return found;
}

test('packages that do not exist are all named before anything slow', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  const example = await minimalWith([
    { name: 'nosuchpackage' },
    { name: 'nginx', version: '0.1' },
    { name: 'hello' },
    { name: 'awk' },
    { name: 'default-mta' },
    { name: 'python' },
  ]);
  const { artifact, progress, workDir } = await startBuild(folder.path, example, qcow2);
  const started = Date.now();
  await assert.rejects(artifact, (error: unknown) => {
    assert.ok(error instanceof BuildError);
    assert.match(error.message, /“nosuchpackage”/);
    assert.match(error.message, /“nginx” in version 0\.1 \(there is 1\./);
    assert.match(error.message, /“awk” \(name one of those that provide it: gawk, mawk, original-awk\)/);
    assert.match(error.message, /“python” \(it is gone; what replaces it: python-is-python3, 2to3\)/);
    assert.doesNotMatch(error.message, /hello|default-mta/, 'only one package stands for that: apt takes it');
    return true;
  });
  assert.ok(Date.now() - started < 30_000, 'it took longer than 30 s to say so');
  assert.deepEqual([...new Set(progress.map((step) => step.stage))], ['Checking dependencies']);
  assert.deepEqual(await readdir(workDir), []);
});

test('packages that exclude each other fail with the reason', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  const { artifact, workDir } = await startBuild(
    folder.path,
    await minimalWith([{ name: 'postfix' }, { name: 'exim4-daemon-light' }]),
    qcow2,
  );
  await assert.rejects(artifact, (error: unknown) => {
    assert.ok(error instanceof BuildError);
    assert.match(
      error.message,
      /can't be installed together: .*“exim4-daemon-light” and “postfix” exclude each/,
    );
    assert.match(error.detail, /exim4|postfix/);
    return true;
  });
  assert.deepEqual(await readdir(workDir), []);
});

test('a package that the system itself excludes is told with that', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  const { artifact } = await startBuild(folder.path, await minimalWith([{ name: 'resolvconf' }]), qcow2);
  await assert.rejects(
    artifact,
    /“systemd-resolved” conflicts with “resolvconf”\. “systemd-resolved”: of the system itself\.$/,
  );
});

test('a disk that is too small is refused with the size that is needed', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  const { artifact } = await startBuild(folder.path, await exampleTemplate('minimal'), {
    ...qcow2,
    installProfile: { diskSize: 512 },
  });
  await assert.rejects(artifact, /diskSize is 512 MB, the packages need \d+ MB or more/);
});

test('a boot script the archive lacks is named', { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  const { template } = await exampleTemplate('nginx');
  const { filesDir } = await exampleTemplate('minimal');
  const { artifact } = await startBuild(folder.path, { template, filesDir }, qcow2);
  await assert.rejects(artifact, /no file “config\/announce\.sh” for the boot script “announce”/);
});

test(
  'a cache of somebody else is refused, and one that is open is closed',
  { timeout: 60_000 },
  async (t) => {
    if (process.getuid?.() !== 0) {
      t.skip('only root can give a folder away');
      return;
    }
    await using folder = await temporaryFolder();
    const cache = join(folder.path, 'cache');
    const start = async (): Promise<unknown> => {
      const { template, filesDir } = await minimalWith([{ name: 'nosuchpackage' }]);
      const { artifact } = await startBuild(folder.path, { template, filesDir }, qcow2, { cacheDir: cache });
      return await artifact;
    };
    await mkdir(cache, { mode: 0o755 });
    await assert.rejects(start(), /nosuchpackage/);
    assert.equal((await stat(cache)).mode & 0o777, 0o700);
    await chown(cache, 12_345, 12_345);
    await assert.rejects(start(), /^BuildError: The folder \S+ belongs to another user/);
  },
);

test(
  'a mirror that does not answer fails with that sentence and what apt said',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder();
    process.env['FORGE_MIRROR'] = 'http://127.0.0.1:9/debian';
    try {
      const { artifact, workDir } = await startBuild(folder.path, await exampleTemplate('minimal'), qcow2, {
        cacheDir: `${folder.path}/cache`,
      });
      await assert.rejects(artifact, (error: unknown) => {
        assert.ok(error instanceof BuildError);
        assert.equal(error.message, "The Debian mirror http://127.0.0.1:9/debian can't be reached.");
        assert.match(error.detail, /127\.0\.0\.1:9/);
        return true;
      });
      assert.deepEqual(await readdir(workDir), []);
    } finally {
      delete process.env['FORGE_MIRROR'];
      if (mirror !== undefined) process.env['FORGE_MIRROR'] = mirror;
    }
  },
);

for (const stage of ['Checking dependencies', 'Installing packages and files', 'Converting']) {
  test(`a cancel while “${stage}” ends everything at once`, { timeout: 300_000 }, async () => {
    await using folder = await temporaryFolder();
    const abort = new AbortController();
    let cancelledAt = 0;
    const { artifact, workDir } = await startBuild(folder.path, await exampleNeverBuilt('nginx'), qcow2, {
      signal: abort.signal,
      onProgress: (step) => {
        if (step.stage !== stage || cancelledAt > 0) return;
        // A moment later the stage's tool is at work.
        cancelledAt = Date.now() + 300;
        setTimeout(() => abort.abort(), 300);
      },
    });
    await assert.rejects(artifact, { name: 'AbortError' });
    const took = Date.now() - cancelledAt;
    assert.ok(took < 10_000, `it took ${took} ms`);
    assert.deepEqual(await readdir(workDir), [], 'no file');
    assert.deepEqual(await processesIn(folder.path), [], 'no process');
    const mounts = await readFile('/proc/self/mountinfo', 'utf8');
    assert.ok(!mounts.includes(folder.path), 'no mount');
  });
}

test('when the process that builds is killed, its tools die with it', { timeout: 300_000 }, async () => {
  await using folder = await temporaryFolder();
  const script = join(import.meta.dirname, '../../support/buildInChild.ts');
  const child = spawn(process.execPath, [script, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('Installing')) resolve();
    });
    void exited.then(() => resolve());
  });
  assert.notDeepEqual(await processesIn(folder.path), []);
  child.kill('SIGKILL');
  await exited;
  for (let tries = 0; tries < 50 && (await processesIn(folder.path)).length > 0; tries++) await delay(100);
  assert.deepEqual(await processesIn(folder.path), []);
});
