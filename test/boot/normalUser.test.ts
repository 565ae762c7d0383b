import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { cacheDir, temporaryFolder } from '../support/builds.ts';

const run = promisify(execFile);

/** A normal user of this computer who may have name spaces: one with subordinate ids. */
async function normalUser(): Promise<{ name: string; uid: number; gid: number } | undefined> {
  const ranges = await readFile('/etc/subuid', 'utf8').catch(() => '');
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [name = '', , uid, gid] = line.split(':');
    if (Number(uid) >= 1000 && ranges.split('\n').some((range) => range.startsWith(`${name}:`))) {
      return { name, uid: Number(uid), gid: Number(gid) };
    }
  }
  return undefined;
}

test(
  'a normal user, without root and without mounts of the computer, builds every option',
  { timeout: 1_800_000 },
  async (t) => {
    if (process.getuid?.() !== 0) {
      t.skip('whoever runs this is a normal user: all other builds are the test');
      return;
    }
    const user = await normalUser();
    if (user === undefined) {
      t.skip('this computer has no normal user with subordinate ids: useradd --create-home tester');
      return;
    }
    const script = join(import.meta.dirname, '../support/buildEverything.ts');
    const asUser = (...command: readonly string[]): Promise<{ stdout: string }> =>
      run('setpriv', [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', ...command], {
        maxBuffer: 64 * 1024 ** 2,
      });
    if (
      await asUser('test', '-r', script).then(
        () => false,
        () => true,
      )
    ) {
      t.skip(`${user.name} may not read ${script}`);
      return;
    }
    await using theirs = await temporaryFolder();
    // Copies: the files become the user's, and links would make the tests' own cache theirs.
    const cache = join(theirs.path, 'cache');
    await mkdir(cache);
    for (const part of ['packages', 'index']) {
      await run('cp', ['-r', join(cacheDir, part), cache]).catch(() => undefined);
    }
    await run('chown', ['-R', `${user.uid}:${user.gid}`, theirs.path]);
    const before = await readFile('/proc/self/mountinfo', 'utf8');
    const { stdout } = await asUser(
      ...['env', `HOME=${theirs.path}`, `FORGE_CACHE=${cache}`],
      ...[process.execPath, script, theirs.path],
    );
    const made = JSON.parse(stdout) as { uid: number; sha256: string };
    assert.equal(made.uid, user.uid);
    assert.match(made.sha256, /^[0-9a-f]{64}$/);
    assert.equal(await readFile('/proc/self/mountinfo', 'utf8'), before, 'no mount stays');
  },
);
