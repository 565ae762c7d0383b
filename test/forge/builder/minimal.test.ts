import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { largerDisk } from '../../support/askedInside.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';
import { withoutOutputs } from '../../support/cacheFolder.ts';
import { boot } from '../../support/boot.ts';

test(
  'examples/minimal, with a few settings, becomes a QCOW2 that boots to its login prompt and says that it has them',
  { timeout: 600_000 },
  async () => {
    await using folder = await temporaryFolder();
    const { template, filesDir } = await exampleTemplate('minimal');
    const { stack } = template;
    const installation = {
      ...stack.installation,
      sysctl: { 'vm.swappiness': 7 },
      files: [{ path: '/etc/app.conf', content: 'a=1\n', rights: '640', ownerGroup: 'root:mail' }],
    };
    const { artifact, progress, log, workDir } = await startBuild(
      folder.path,
      { template: { stack: { ...stack, installation } }, filesDir },
      {
        compress: true,
        targetFormat: { name: 'QCOW2' },
      },
      // Nothing from the cache: every stage is to be seen.
      { cacheDir: await withoutOutputs(join(folder.path, 'cache')) },
    );
    const image = await artifact;

    assert.equal(image.fileName, 'minimal_1.0rev1_qcow2.qcow2');
    assert.deepEqual(await readdir(workDir), [image.fileName], 'only the artifact stays');
    const bytes = await readFile(image.path);
    assert.equal(image.size, bytes.length);
    assert.equal(image.sha256, createHash('sha256').update(bytes).digest('hex'));
    assert.equal(image.md5, createHash('md5').update(bytes).digest('hex'));

    const percentages = progress.map((step) => step.percentage);
    assert.deepEqual(
      percentages,
      percentages.toSorted((a, b) => a - b),
      'never goes back',
    );
    assert.deepEqual(
      [...new Set(progress.map((step) => step.stage))],
      [
        'Checking dependencies',
        'Fetching packages',
        'Installing packages and files',
        'Creating the virtual disk',
        'Converting',
        'Compressing',
        'Storing the image',
      ],
    );
    assert.ok(new Set(percentages).size > 20, `only ${new Set(percentages).size} different percentages`);

    const systemd = image.packages.find((pkg) => pkg.name === 'systemd-sysv');
    assert.equal(systemd?.profile, true);
    assert.equal(image.packages.find((pkg) => pkg.name === 'libsystemd0')?.profile, false);
    assert.ok(!log.some((line) => line.includes('appliance\n') || line.includes('root:appliance')));

    const disk = await largerDisk(image.path, 12);
    const asked = [
      'systemctl --failed --no-pager; echo ASKED $(sysctl -n vm.swappiness) $(stat -c %a:%G /etc/app.conf)',
      '$(ls /etc/dpkg/dpkg.cfg.d /etc/apt/apt.conf.d | grep -c mmdebstrap)',
      '$(($(stat -fc "%b * %S" /) >> 30)) $((40+2))\n',
    ];
    await boot(
      { path: disk, targetFormat: 'QCOW2' },
      // Nothing of the build is left, and the root has grown with its disk.
      [/minimal login:/, /0 loaded units listed[^]*ASKED 7 640:mail 0 11 42/],
      {
        timeoutMs: 300_000,
        dialogue: [
          { expect: /login:/, send: 'root\n' },
          { expect: /Password:/, send: 'appliance\n' },
          { expect: /root@minimal:~#/, send: asked.join(' ') },
        ],
      },
    );
  },
);
