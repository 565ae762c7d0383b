import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { debianReleases } from '../../../src/appliance/catalog/debianReleases.ts';
import { mainOnly, mirrorSources, sourceLine } from '../../../src/builder/plan/sources.ts';
import { installStatus, transferPercent } from '../../../src/builder/packages/aptFolder.ts';
import { parsePackageTable } from '../../../src/builder/packages/installed.ts';
import {
  parseMadison,
  parseProviders,
  parseRecommendations,
  parseReplacements,
  parseSimulation,
} from '../../../src/builder/packages/aptSays.ts';
import { inTheWay, unmetReasons } from '../../../src/builder/packages/unmet.ts';
import { matchingVersion } from '../../../src/builder/packages/versions.ts';

suite('what apt and dpkg say', () => {
  test('the packages of a simulation and the size it announces', () => {
    const { packages, installedSize } = parseSimulation(
      [
        'Reading package lists...',
        'After this operation, 1,579 MB of additional disk space will be used.',
        `'http://deb.debian.org/x/tzdata_2026f-0%2bdeb12u1_all.deb' tzdata_2026f-0+deb12u1_all.deb 307832 SHA256:${'3'.repeat(64)}`,
        `'http://deb.debian.org/x/mount_2.38.1-5_amd64.deb' mount_1%3a2.38.1-5_amd64.deb 134 SHA256:${'9'.repeat(64)}`,
        "'file:/b/ours.deb' ours_1_all.deb 7 SHA512:12",
        'W: something',
      ].join('\n'),
    );
    assert.deepEqual(packages, [
      {
        ...{ name: 'tzdata', version: '2026f-0+deb12u1', arch: 'all' },
        ...{ fileName: 'tzdata_2026f-0+deb12u1_all.deb', fileSize: 307_832, sha256: '3'.repeat(64) },
        from: 'http://deb.debian.org/x/tzdata_2026f-0%2bdeb12u1_all.deb',
      },
      {
        ...{ name: 'mount', version: '1:2.38.1-5', arch: 'amd64' },
        ...{ fileName: 'mount_1%3a2.38.1-5_amd64.deb', fileSize: 134, sha256: '9'.repeat(64) },
        from: 'http://deb.debian.org/x/mount_2.38.1-5_amd64.deb',
      },
      {
        ...{ name: 'ours', version: '1', arch: 'all', fileName: 'ours_1_all.deb', fileSize: 7 },
        ...{ sha256: '', local: '/b/ours.deb' },
      },
    ]);
    assert.equal(installedSize, 1_579e6);
  });

  test('a package of the mirror without a SHA-256 is refused: nothing would say what it has to be', () => {
    for (const hash of ['', ' MD5Sum:0123456789abcdef0123456789abcdef']) {
      assert.throws(() => parseSimulation(`'http://mirror/x/hello_1_amd64.deb' hello_1_amd64.deb 7${hash}`), {
        message: "The mirror's index has no SHA-256 of hello_1_amd64.deb.",
      });
    }
  });

  test('what packages recommend and is left out, with alternatives in one', () => {
    const said = [
      'Suggested packages:',
      '  cron',
      'Recommended packages:',
      '  git busybox',
      '  | busybox-static zstd',
    ];
    const { recommended } = parseSimulation(
      [...said, 'The following NEW packages …', '  apt', ''].join('\n'),
    );
    assert.deepEqual(recommended, ['busybox | busybox-static', 'git', 'zstd']);
  });

  test('what a package recommends: of alternatives the first that is there, of a virtual one who provides it', () => {
    const said = [
      'mailutils',
      ' |Recommends: <default-mta>',
      '    exim4-daemon-light',
      '  Recommends: <mail-transport-agent>',
      '    dma',
      '  Recommends: <nobody>',
      ' |Recommends: cron',
      '  Recommends: <cron-daemon>',
      '    systemd-cron',
    ];
    assert.deepEqual(parseRecommendations(said.join('\n')), ['exim4-daemon-light', 'cron']);
  });

  test('who stands for a name that no package has', () => {
    const said = [
      'Package: awk',
      'Versions: ',
      '',
      'Reverse Depends: ',
      '  base-files,awk',
      'Dependencies: ',
      'Provides: ',
      'Reverse Provides: ',
      'mawk 1.3.4.20200120-3.1 (= )',
      'gawk 1:5.2.1-2 (= )',
      'gawk 1:5.2.1-1 (= )',
      'Package: perlapi-5.36.0',
      'Versions: ',
      '',
      'Reverse Provides: ',
      'perl-base 5.36.0-7+deb12u3 (= )',
    ];
    assert.deepEqual(
      [...parseProviders(`${said.join('\n')}\n`)],
      [
        ['awk', ['gawk', 'mawk']],
        ['perlapi-5.36.0', ['perl-base']],
      ],
    );
  });

  test('what replaces packages that are gone', () => {
    const said = [
      'Package python is not available, but is referred to by another package.',
      'This may mean that the package is missing, has been obsoleted, or',
      'is only available from another source',
      'However the following packages replace it:',
      '  python-is-python3 2to3',
      '',
      'Package php7.4 is not available, but is referred to by another package.',
      'This may mean that the package is missing, has been obsoleted, or',
      'is only available from another source',
      '',
    ];
    assert.deepEqual([...parseReplacements(said.join('\n'))], [['python', ['python-is-python3', '2to3']]]);
  });

  test('why packages don’t go together: which ones, and what each of them wants', () => {
    const because = (...lines: readonly string[]): string | undefined =>
      unmetReasons(['The following packages have unmet dependencies:', ...lines, 'E: …'].join('\n'));
    assert.equal(
      because(
        ' exim4-daemon-light : Conflicts: mail-transport-agent',
        ' postfix : Conflicts: mail-transport-agent',
      ),
      '“exim4-daemon-light” and “postfix” exclude each other: each conflicts with “mail-transport-agent”',
    );
    assert.equal(
      because(' a : Conflicts: b', ' b : Conflicts: a but 1.2 is to be installed', ' c : Breaks: b (< 2)'),
      '“a” conflicts with “b”; “c” breaks “b (< 2)”',
    );
    assert.equal(
      because(
        ' ours : Depends: libssl1.1 (>= 1.1.0) but it is not installable',
        '        Depends: libc6 (>= 2.40) but 2.36-9 is to be installed',
        '        Depends: other but it is not going to be installed',
      ),
      '“ours” needs “libssl1.1 (>= 1.1.0)”, which is not there; “ours” needs “libc6 (>= 2.40)”, and 2.36-9 would be installed; “ours” needs “other”, which something else keeps out',
    );
    assert.equal(unmetReasons('E: something else'), undefined);
  });

  test('who is in the way', () => {
    const said = [
      'The following packages have unmet dependencies:',
      ' chrony : Conflicts: time-daemon',
      ' systemd-timesyncd : Conflicts: time-daemon',
      'E: Unable to correct problems, you have held broken packages.',
    ].join('\n');
    assert.equal(inTheWay(said, ['dbus', 'systemd-timesyncd']), 'systemd-timesyncd');
    assert.equal(inTheWay(said, ['dbus']), undefined);
    const missing = ' a : Depends: systemd-timesyncd but it is not going to be installed';
    assert.equal(inTheWay(missing, ['systemd-timesyncd']), undefined);
  });

  test('versions of a package, newest first, without sources', () => {
    const versions = parseMadison(
      [
        '     nginx | 1.22.1-9+deb12u11 | http://deb.debian.org/debian-security bookworm-security/main amd64 Packages',
        '     nginx | 1.22.1-9+deb12u9 | http://deb.debian.org/debian bookworm/main amd64 Packages',
        '     nginx | 1.22.1-8 | http://deb.debian.org/debian bookworm/main Sources',
      ].join('\n'),
    );
    assert.deepEqual(versions.get('nginx'), ['1.22.1-9+deb12u11', '1.22.1-9+deb12u9']);
  });

  test('a pinned version is exact, or the newest of an upstream version', () => {
    const known = ['1:2.3-4+deb12u2', '1:2.3-4', '1:2.2-1'];
    assert.equal(matchingVersion('1:2.3-4', known), '1:2.3-4');
    assert.equal(matchingVersion('2.3-4', known), '1:2.3-4');
    assert.equal(matchingVersion('2.3', known), '1:2.3-4+deb12u2');
    assert.equal(matchingVersion('2.4', known), undefined);
  });

  test('status lines', () => {
    assert.equal(transferPercent('dlstatus:5:93.3333:Retrieving file 7 of 9'), 93.3333);
    assert.equal(transferPercent('pmstatus:nginx:5:x'), undefined);
    assert.deepEqual(installStatus('pmstatus:libc6:amd64:12.5:Unpacking libc6:amd64 (2)'), {
      percent: 12.5,
      text: 'Unpacking libc6:amd64 (2)',
    });
    assert.deepEqual(installStatus('pmstatus:dpkg-exec:0.0000:Running dpkg'), {
      percent: 0,
      text: 'Running dpkg',
    });
  });

  test('installed packages, sizes in bytes, those half removed left out', () => {
    const table = 'installed\tnginx\t1.22.1-9+deb12u11\tamd64\t1200\nconfig-files\told\t1\tall\t\n';
    assert.deepEqual(parsePackageTable(table, new Set(['nginx'])), [
      {
        name: 'nginx',
        version: '1.22.1',
        release: '9+deb12u11',
        arch: 'amd64',
        size: 1_228_800,
        profile: true,
      },
    ]);
  });

  test('sources: further components, and the backports, which a snapshot has as old as all else', () => {
    const snapshot = 'http://snapshot/archive/debian/20260131T000000Z';
    const wanted = { components: ['main', 'non-free-firmware'], backports: true };
    const lines = mirrorSources(debianReleases[0]!, snapshot, wanted).map((source) =>
      sourceLine(source, ['arch=amd64']),
    );
    assert.equal(lines.length, 4);
    assert.equal(
      lines[3],
      `deb [arch=amd64 check-valid-until=no] ${snapshot} bookworm-backports main non-free-firmware\n`,
    );
  });

  test('sources: release, updates and security of the same mirror', () => {
    assert.equal(
      mirrorSources(debianReleases[0]!, 'http://mirror/debian/', mainOnly)
        .map((source) => sourceLine(source))
        .join(''),
      'deb http://mirror/debian bookworm main\n' +
        'deb http://mirror/debian bookworm-updates main\n' +
        'deb http://mirror/debian-security bookworm-security main\n',
    );
  });
});

test('the README names every release the forge builds, and none besides', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8');
  const versions = debianReleases.map(({ version }) => version).toSorted();
  const list = `${versions.slice(0, -1).join(', ')} and ${versions.at(-1) ?? ''}`;
  assert.ok(readme.includes(`The systems are Debian on amd64: ${list}.`), list);
});
