import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findForge, launchForge, LaunchError, stopForge } from '../../../src/forge/process/launch.ts';
import { forgeVersion } from '../../../src/forge/process/version.ts';
import { basic, ended, mainScript, startForge, stop, temporaryFolder, until } from './support.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

suite('one forge for a data folder', () => {
  test('four that launch at once get the same one, and a later one finds it', async () => {
    await using folder = await temporaryFolder();
    const dataDir = join(folder.path, 'data');
    const options = { script: mainScript, dataDir, idleMinutes: 5, builds: 3, cacheGigabytes: 0.5 };
    const launch = (): ReturnType<typeof launchForge> => launchForge(options);
    const all = await Promise.all([launch(), launch(), launch(), launch()]);
    try {
      assert.equal(new Set(all.map(({ pid }) => pid)).size, 1);
      const [first] = all;
      assert.equal(first.version, forgeVersion);
      assert.deepEqual(await findForge(dataDir), first);
      const status = await fetch(`${first.url}/status`, {
        headers: { authorization: basic(first.user, first.password) },
      });
      assert.equal(status.status, 200);
      for (const name of await readdir(dataDir, { recursive: true })) {
        const text = await readFile(join(dataDir, name), 'latin1').catch(() => '');
        assert.ok(!text.includes(first.password), `${name} holds the password`);
      }
      const commandLine = await readFile(`/proc/${first.pid}/cmdline`, 'latin1');
      assert.ok(!commandLine.includes(first.password));
      assert.ok(commandLine.split('\0').join(' ').includes(' --builds 3 --cache-gb 0.5 '));
      const second = await ended(['--data', dataDir]);
      assert.equal(second.code, 75);
      assert.match(second.errors, /Another forge/);
    } finally {
      assert.equal(await stopForge(dataDir), true);
    }
    assert.equal(isAlive(all[0].pid), false);
    assert.equal(await findForge(dataDir), undefined);
    assert.equal(await stopForge(dataDir), false);
  });

  test('it is told of its environment what it needs, and no login for another server', async () => {
    await using folder = await temporaryFolder();
    Object.assign(process.env, { APPLIANCE_FORGE_PASSWORD: 'open-sesame', https_proxy: 'http://proxy:1' });
    try {
      const { pid } = await launchForge({ script: mainScript, dataDir: folder.path });
      const names = (await readFile(`/proc/${pid}/environ`, 'latin1'))
        .split('\0')
        .map((each) => each.split('=', 1)[0]);
      assert.ok(names.includes('PATH') && names.includes('https_proxy'), names.join(' '));
      assert.deepEqual(
        names.filter((name) => name?.startsWith('APPLIANCE_FORGE')),
        [],
      );
    } finally {
      delete process.env['APPLIANCE_FORGE_PASSWORD'];
      delete process.env['https_proxy'];
      await stopForge(folder.path);
    }
  });

  test('a killed one leaves no lock: the next starts at once', async () => {
    await using folder = await temporaryFolder();
    const forge = await startForge(folder.path);
    await stop(forge.child, 'SIGKILL');
    assert.equal(await findForge(folder.path), undefined);
    const next = await launchForge({ script: mainScript, dataDir: folder.path });
    assert.notEqual(next.pid, forge.child.pid);
    await stopForge(folder.path);
  });

  test('a cache of somebody else is refused with a sentence, not a stack', async (t) => {
    if (process.getuid?.() !== 0) {
      t.skip('only root can give a folder away');
      return;
    }
    await using folder = await temporaryFolder();
    const cache = join(folder.path, 'cache');
    await mkdir(cache);
    await chown(cache, 12_345, 12_345);
    const { code, errors } = await ended(['--data', join(folder.path, 'data'), '--cache', cache]);
    assert.equal(code, 1);
    assert.match(
      errors,
      /^The folder \S+ belongs to another user \(id 12345; .+ Name a folder of your own\.\n$/,
    );
  });

  test('the way to the password is not taken through a folder others may enter', async () => {
    await using folder = await temporaryFolder();
    const runtime = join(folder.path, 'run');
    await using _forge = await startForge(join(folder.path, 'data'), [], { XDG_RUNTIME_DIR: runtime });
    assert.ok(await findForge(join(folder.path, 'data')));
    await chmod(join(runtime, 'appliance-forge'), 0o755);
    await assert.rejects(findForge(join(folder.path, 'data')), /not a private folder/);
  });
});

suite('the end of a forge', () => {
  test('it ends by itself when nobody asks for long enough, and not before', async () => {
    await using folder = await temporaryFolder();
    const forge = await startForge(folder.path, ['--idle-minutes', '0.03']);
    const exited = once(forge.child, 'exit');
    for (let asked = 0; asked < 6; asked++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal((await forge.call('GET', '/status')).status, 200);
    }
    const last = Date.now();
    const [code] = (await exited) as [number | null];
    assert.equal(code, 0);
    assert.ok(Date.now() - last > 1500, 'not before its time');
    assert.equal(await findForge(folder.path), undefined);
  });

  test('told to stop it ends with 0 and takes its socket along', async () => {
    await using folder = await temporaryFolder();
    const forge = await startForge(folder.path);
    await stop(forge.child, 'SIGTERM');
    assert.equal(forge.child.exitCode, 0);
    assert.equal(forge.errors(), '');
    assert.ok(!(await readdir(folder.path)).includes('forge.sock'));
  });

  test('wrong arguments and a data folder that can not be one are said in a sentence', async () => {
    await using folder = await temporaryFolder();
    for (const args of [
      ['--port', '70000'],
      ['--port', 'x'],
      ['--idle-minutes', 'soon'],
      ['--nonsense'],
      ['file'],
    ]) {
      const { code, errors } = await ended(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(errors, /Usage: forge/);
    }
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    await mkdir(join(folder.path, 'ok'));
    const launched = launchForge({
      script: mainScript,
      dataDir: join(folder.path, 'ok'),
      execPath: '/nonexistent/node',
    });
    await assert.rejects(launched, LaunchError);
    assert.equal((await ended(['--data', file])).code, 1);
  });

  test('a database of a newer forge is left alone', async () => {
    await using folder = await temporaryFolder();
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(folder.path, 'forge.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    await assert.rejects(launchForge({ script: mainScript, dataDir: folder.path }), (error: Error) => {
      assert.ok(error instanceof LaunchError);
      assert.match(`${error.message} ${error.detail}`, /newer version of Appliance Forge/);
      return true;
    });
    await until('nobody holds the folder', async () => (await findForge(folder.path)) === undefined);
  });
});
