import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { startBuild, temporaryFolder, testAppliance } from '../support/builds.ts';
import { starts } from '../support/imageStarts.ts';
import { boot, type Boot } from '../support/boot.ts';
import { smallTemplate } from '../support/smallTemplate.ts';

const minutes = 60_000;
const image = { compress: false, targetFormat: { name: 'QCOW2' } };

/** What a machine has said, by what it is about; the last word counts. */
function saidIn({ console: text }: Boot): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/SAID (\w+): (.*)/g)].map(([, what = '', how = '']) => [what, how.trim()]),
  );
}

/** @param saveTo where the disk goes with what the machine has written */
async function start(t: TestContext, path: string, until: RegExp, saveTo?: string): Promise<Boot> {
  const booted = await boot({ path, targetFormat: 'QCOW2' }, [until], {
    timeoutMs: 15 * minutes,
    ...(saveTo !== undefined && { saveTo }),
  });
  for (const line of booted.console.match(/SAID .*|appliance-\S+ (has|did) .*/g) ?? [])
    t.diagnostic(line.trim());
  return booted;
}

/** systemd's units that have failed, of those that run boot scripts. */
const failing = 'appliance-firstboot-04-failing.service';
const second = 'appliance-firstboot-05-second.service';
const hanging = 'appliance-firstboot-06-hanging.service';

suite('a machine’s first boots', () => {
  test(
    'scripts find what they set up, are tried again when they fail, and hold nothing up',
    {
      timeout: 90 * minutes,
    },
    async (t) => {
      await using folder = await temporaryFolder();
      const build = await startBuild(folder.path, await testAppliance('first-boot'), image);
      const { path: fresh } = await build.artifact;
      const after = (boots: number): string => join(folder.path, `after-${boots}.qcow2`);

      // The last script starts the machine again, at the first boot only.
      const first = await start(t, fresh, /reboot: Restarting system/, after(1));
      const said = saidIn(first);
      const order = [
        ...first.console.matchAll(/SAID (database|windows|plain|failing|second|hanging|target)/g),
      ];
      assert.deepEqual(
        order.map(([, name]) => name),
        ['database', 'windows', 'plain', 'failing', 'second', 'hanging', 'target'],
      );
      const { fingerprints, ...rest } = said;
      assert.deepEqual(rest, {
        database: 'tea /root root root',
        windows: 'ends',
        plain: 'HELLO of the bundle, 640 root:mail, HELLO of the bundle',
        ...{ failing: 'tried', second: 'tried', hanging: 'tried' },
        target: 'active',
        failed: `${failing} ${second} ${hanging}`,
        kept: 'HELLO of the bundle',
        build: '0',
        certificate: 'OK',
        key: '640 root:ssl-cert',
        rndc: '640 bind:bind server is up and running',
      });
      assert.match(
        first.console,
        /04-failing has failed with exit code 3\. It is tried again at the next boot/,
      );
      assert.match(first.console, /06-hanging did not end within 5 seconds and was ended/);
      assert.doesNotMatch(first.console, /=== License/, 'nobody is asked for a licence');

      const again = await start(t, after(1), /REPORTED/, after(2));
      assert.doesNotMatch(again.console, /SAID (database|windows|plain)/);
      assert.equal(saidIn(again)['second'], 'tried');
      assert.equal(saidIn(again)['failed'], `${failing} ${hanging}`);
      assert.equal(saidIn(again)['fingerprints'], fingerprints, 'secrets stay');

      const third = await start(t, after(2), /REPORTED/, after(3));
      assert.equal(saidIn(third)['second'], undefined, 'done');
      assert.match(third.console, /04-failing has failed with exit code 3\. It has failed 3 times/);

      const fourth = await start(t, after(3), /REPORTED/);
      assert.equal(saidIn(fourth)['failing'], undefined, 'given up');
      assert.match(fourth.console, /04-failing has failed 3 times and is not run any more/);
      assert.equal(saidIn(fourth)['failed'], `${failing} ${hanging}`);

      const other = await start(t, fresh, /REPORTED/);
      const others = saidIn(other)['fingerprints']?.split(' ') ?? [];
      assert.equal(others.length, 3);
      for (const each of others)
        assert.ok(fingerprints?.includes(each) === false, 'each machine has its own');
    },
  );

  test(
    'Debian 13: files below /tmp are there for the script and gone later, and a login says no error',
    {
      timeout: 30 * minutes,
    },
    async (t) => {
      await using folder = await temporaryFolder();
      const script = '#!/bin/sh\necho "SAID kept: $(cat /tmp/site/report.sh | wc -l)"\necho REPORTED\n';
      const { template, filesDir } = await smallTemplate(folder.path, { version: '13' }, {}, script);
      const files = [{ name: 'report.sh', source: 'report.sh', destination: '/tmp/site' }];
      const config = [
        { name: 'report', source: 'report.sh', type: 'bootscript', frequency: 'firstboot' } as const,
      ];
      const stack = { ...template.stack, config, bundles: [{ name: 'site', version: '1', files }] };
      const build = await startBuild(folder.path, { template: { stack }, filesDir }, image);
      const { path } = await build.artifact;
      const asked =
        'echo LEFT $(ls /var/lib/appliance-forge) $(cat /etc/default/locale) $LANG; journalctl -b -p warning -g locale\n';
      const booted = await boot({ path, targetFormat: 'QCOW2' }, [/LEFT [^$]*?\r?\n[^]*root@minimal/], {
        timeoutMs: 15 * minutes,
        dialogue: [
          { expect: /REPORTED/, send: '\n' },
          { expect: /login:/, send: 'root\n' },
          { expect: /Password:/, send: 'appliance\n' },
          { expect: /root@minimal:~#/, send: asked },
        ],
      });
      t.diagnostic(booted.console.slice(-500));
      assert.equal(saidIn(booted)['kept'], '3');
      assert.match(booted.console, /LEFT appliance-firstboot-01-report\.done LANG=C\.UTF-8 C\.UTF-8/);
      assert.match(booted.console, /-- No entries --/);
    },
  );

  test(
    'a container has its secrets made, its files below /tmp and its boot scripts run before its entrypoint',
    { timeout: 20 * minutes },
    async () => {
      await using folder = await temporaryFolder();
      const script = 'echo "$HOME $(wc -l < /tmp/site/report.sh)" > /var/lib/said\r\n';
      const { template, filesDir } = await smallTemplate(folder.path, {}, {}, script);
      const { os } = template.stack;
      const files = [{ name: 'report.sh', source: 'report.sh', destination: '/tmp/site' }];
      const bundles = [{ name: 'site', version: '1', files }];
      const stack = { ...template.stack, os: { ...os, pkgs: [{ name: 'ssl-cert' }] }, bundles };
      const said = 'echo $(cat /var/lib/said) $(stat -c %a:%U:%G /etc/ssl/private/ssl-cert-snakeoil.key)';
      const { artifact } = await startBuild(
        folder.path,
        { template: { stack }, filesDir },
        {
          compress: false,
          targetFormat: { name: 'Docker' },
          entrypoint: JSON.stringify(['/bin/sh', '-c', said]),
        },
      );
      const docker = starts.find(({ format }) => format === 'Docker');
      await docker?.start(await artifact, folder.path, /^\/root 1 640:root:ssl-cert$/m);
    },
  );
});
