import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import type { Template } from '../../../src/appliance/template/model/template.ts';
import { grubConfig } from '../../../src/builder/disk/grub.ts';
import { liveMenu } from '../../../src/builder/disk/iso.ts';
import { ovfDescriptor } from '../../../src/builder/disk/ovf.ts';
import { lxcConfiguration, lxcMetadata } from '../../../src/builder/formats/lxc.ts';
import { vmware } from '../../../src/builder/formats/ova.ts';
import { pxeScript } from '../../../src/builder/formats/pxe.ts';
import { xlConfiguration } from '../../../src/builder/formats/xen.ts';
import type { Plan } from '../../../src/builder/plan/plan.ts';
import { checkBuildable } from '../../../src/builder/stages/checkBuildable.ts';
import { planBuild } from '../../support/plans.ts';

/** What would end a value in one of the files that are made of it: XML, a shell, GRUB, iPXE, JSON, a configuration. */
const hostile = [
  '"/><Evil a="',
  "'; reboot; '",
  '$(reboot) `reboot` ${next-server}',
  '</Name><Evil>x</Evil>',
  'a\\" (live)" { linux /evil }',
  '&evil; %x] = [ "y',
];

const planOf = (name: string, hwType = '9'): Promise<Plan> => {
  const os = { name: 'Debian', version: '12', arch: 'x86_64' };
  const template: Template = { stack: { name, version: name, os } };
  const image = { targetFormat: { name: 'OVF or OVA' }, installProfile: { hwType } };
  const paths = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
  return planBuild({ template, image, revision: 1, ...paths }, {});
};

suite('nothing of a request ends the value it is in', () => {
  for (const name of hostile) {
    test(`${name} is a name in an OVF`, async () => {
      const plan = await planOf(name, name);
      const disks = [{ fileName: `${plan.fileBase}-disk1.vmdk`, fileSize: 1, size: 1 }];
      const hardware = { ...vmware('lsilogic', 'E1000')(plan) };
      const asked = { ...hardware, family: `vmx-${name}` };
      for (const each of [hardware, asked]) {
        const xml = ovfDescriptor({ name, memorySize: 512, cpus: 1, cards: ['eth0'], hardware: each, disks });
        assert.ok(!xml.includes('<Evil'));
        const read = new XMLParser({ ignoreAttributes: false, trimValues: false }).parse(xml) as {
          Envelope: { VirtualSystem: { Name: string; '@_ovf:id': string } };
        };
        const { Name, '@_ovf:id': id } = read.Envelope.VirtualSystem;
        assert.deepEqual([Name, id], [name, name]);
      }
      assert.equal(hardware.family, 'vmx-09');
    });

    test(`${name} is a name, or none, in menus, scripts and configurations`, async () => {
      const plan = await planOf(name);
      const title = /^menuentry "([^"\\$`]*)" \{$/m;
      assert.match(liveMenu(plan), title);
      assert.match(grubConfig(plan), title);
      assert.deepEqual(pxeScript(plan), pxeScript(await planOf('web')));
      assert.match(lxcConfiguration(plan), /^lxc\.uts\.name = [a-z0-9-]+$/m);
      const metadata = JSON.parse(lxcMetadata(plan)) as { properties: { name: string } };
      assert.equal(metadata.properties.name, name);
      assert.match(xlConfiguration(plan.hostname, { ...plan }, 1, 1), /^name = "[a-z0-9-]+"$/m);
      assert.match(plan.fileBase, /^[A-Za-z0-9.+~_-]+$/);
    });

    test(`${name} is no kernel parameter`, () => {
      const stack = { name: 'a', version: '1', os: { name: 'Debian', version: '12', arch: 'x86_64' } };
      const installation = { kernelParams: [name] };
      const image = { targetFormat: { name: 'PXE' } };
      const { problems } = checkBuildable({ template: { stack }, image, installation });
      assert.match(problems.join(), /kernelParams\[0\]/);
    });
  }
});
