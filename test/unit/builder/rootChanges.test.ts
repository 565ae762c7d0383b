import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { packChanges, takeStock, unpackChanges } from '../../../src/builder/root/rootChanges.ts';
import { packRoot, unpackRoot } from '../../../src/builder/root/rootTar.ts';
import { Sandbox } from '../../../src/builder/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/builds.ts';

/** What a package does to a root, and what it had better not. */
const before = `
mkdir "$ROOT"
cd "$ROOT"
mkdir -p etc/empty usr/bin usr/lib/old 'with blank' keep/deep
echo one > etc/config; echo two > etc/changed; echo three > usr/lib/old/file
ln -s usr/lib lib; ln -s nowhere dangling
echo program > usr/bin/first; ln usr/bin/first usr/bin/second
echo gone > 'with blank/gone file'; echo stays > keep/deep/file
echo replaced > becomes-folder; mkdir becomes-link; echo inside > becomes-link/inside
printf 'odd' > "$(printf 'line\\nbreak')"
find . -print0 | xargs -0 touch --no-dereference --date=@1500000000
`;
const change = `
cd "$ROOT"
echo more >> etc/changed
chmod 4755 usr/bin/first
echo new > usr/lib/new; mkdir etc/later; touch etc/later/file
rm -r usr/lib/old 'with blank/gone file' "$(printf 'line\\nbreak')"
rm becomes-folder; mkdir becomes-folder; echo x > becomes-folder/x
rm -r becomes-link; ln -s usr becomes-link
echo third > usr/bin/third; ln usr/bin/third usr/bin/fourth
printf 'odder' > "$(printf 'other\\nbreak')"
touch --date=@1600000000 etc/empty
chmod 700 .
mv keep/deep keep/moved
ln -sfn elsewhere dangling
# A package's files have dates from long ago.
find etc/changed keep/moved usr/lib/new becomes-folder etc/later -print0 | xargs -0 touch --no-dereference --date=@1400000000
`;

/** An access list, as systemd gives one to its journal: Debian's group adm reads, too. */
const giveAccess = `
python3 - "$ROOT/keep/moved" << 'END'
import os, struct, sys
entry = lambda tag, perm, id=0xffffffff: struct.pack('<HHI', tag, perm, id)
value = struct.pack('<I', 2) + entry(1, 7) + entry(4, 5) + entry(8, 5, 4) + entry(16, 5) + entry(32, 5)
for kind in ('access', 'default'): os.setxattr(sys.argv[1], 'system.posix_acl_' + kind, value)
END
`;

suite('the changes of a root', () => {
  test('make out of what was there before the same root, to the byte', async () => {
    await using folder = await temporaryFolder();
    const sandbox = new Sandbox(new AbortController().signal, () => undefined);
    const [root, copy] = [join(folder.path, 'root'), join(folder.path, 'copy')];
    const [entry, stock] = [join(folder.path, 'entry'), join(folder.path, 'stock')];
    const tar = (name: string): string => join(folder.path, `${name}.tar`);
    const nothing = (): void => undefined;
    await sandbox.run(before, { env: { ROOT: root }, writes: [folder.path] });
    await packRoot({ root, tar: tar('before'), size: 1 }, sandbox, nothing);

    await takeStock({ root, stock }, sandbox);
    await sandbox.run(`${change}${giveAccess}`, { env: { ROOT: root }, writes: [folder.path] });
    await sandbox.run('mkdir "$ENTRY"', { env: { ENTRY: entry }, writes: [folder.path] });
    await packChanges({ root, stock, entry, size: 1 }, sandbox, nothing);
    await packRoot({ root, tar: tar('after'), size: 1 }, sandbox, nothing);
    assert.deepEqual((await readdir(folder.path)).sort(), ['after.tar', 'before.tar', 'entry', 'root']);

    await unpackRoot(tar('before'), copy, sandbox, nothing);
    await unpackChanges({ root: copy, entry }, sandbox, nothing);
    await packRoot({ root: copy, tar: tar('again'), size: 1 }, sandbox, nothing);
    await sandbox.run('cmp "$A" "$B"', {
      env: { A: tar('after'), B: tar('again') },
      reads: [folder.path],
    });
    const list = await sandbox.run('tar -tf "$TAR" | sort', {
      env: { TAR: join(entry, 'changes.tar') },
      reads: [entry],
      capture: true,
    });
    await sandbox.run('grep -q "SCHILY.acl.default=.*" "$TAR"', {
      env: { TAR: tar('again') },
      reads: [folder.path],
    });
    assert.ok(!list.includes('etc/config'), 'What has not changed is packed, too.');
  });

  test('are none where nothing has changed', async () => {
    await using folder = await temporaryFolder();
    const sandbox = new Sandbox(new AbortController().signal, () => undefined);
    const [root, entry, stock] = ['root', 'entry', 'stock'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    await sandbox.run(`${before}\nmkdir "$ENTRY"`, {
      env: { ROOT: root, ENTRY: entry },
      writes: [folder.path],
    });
    await takeStock({ root, stock }, sandbox);
    await packChanges({ root, stock, entry, size: 1 }, sandbox, () => undefined);
    const list = await sandbox.run('tar -tf "$ENTRY/changes.tar"; cat "$ENTRY/removed"', {
      env: { ENTRY: entry },
      reads: [entry],
      capture: true,
    });
    assert.equal(list, '');
    await unpackChanges({ root, entry }, sandbox, () => undefined);
  });
});
