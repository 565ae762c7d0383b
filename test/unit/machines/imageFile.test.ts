import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { targetFormats } from '../../../src/appliance/catalog/targetFormats.ts';
import { hardwareFor, isContainer } from '../../../src/machines/hardware.ts';
import { imageFileAt } from '../../../src/machines/imageFile.ts';
import { MachineError } from '../../../src/machines/machineError.ts';

const execute = promisify(execFile);

let folder = '';
before(async () => (folder = await mkdtemp(join(tmpdir(), 'image-file-'))));
after(() => rm(folder, { recursive: true, force: true }));

async function tar(name: string, members: readonly string[], compressed = false): Promise<string> {
  const source = await mkdtemp(join(folder, 'tar-'));
  for (const member of members) {
    await mkdir(dirname(join(source, member)), { recursive: true });
    await writeFile(join(source, member), member);
  }
  const path = join(folder, name);
  await execute('tar', ['-C', source, compressed ? '-czf' : '-cf', path, ...members]);
  return path;
}

suite('what an image was made for', () => {
  for (const [name, format] of [
    ['nginx_1.0rev1_vbox.ova', 'VirtualBox'],
    ['nginx_1.0rev1_vcenter.ova', 'VMware vCenter'],
    ['nginx_1.0rev1_openstackqcow2.qcow2', 'OpenStack QCOW2'],
    ['nginx_1.0rev1_iso.iso', 'ISO'],
    ['debian-12-genericcloud.qcow2', 'QCOW2'],
    ['disk.raw.gz', 'Raw Virtual Disk'],
    ['machine.OVA', 'OVF or OVA'],
    ['azure.vhd', 'VHD'],
  ] as const) {
    test(`${name}: ${format}, by its name`, async () => {
      assert.equal((await imageFileAt(join(folder, name))).targetFormat, format);
    });
  }

  for (const [name, members, format] of [
    ['container.tar', ['blobs/sha256/0', 'index.json', 'oci-layout'], 'Docker'],
    ['kvm.tar', ['nginx/launch.sh', 'nginx/disk1.qcow2'], 'KVM'],
    ['two.tar', ['disk1.qcow2', 'disk2.qcow2'], 'QCOW2'],
    ['google.tar.gz', ['disk.raw'], 'Google Compute Engine'],
    ['root.tar.gz', ['etc/hostname'], 'tar.gz'],
  ] as const) {
    test(`${name}: ${format}, by what is in it`, async () => {
      const path = await tar(name, members, name.endsWith('gz'));
      assert.equal((await imageFileAt(path)).targetFormat, format);
    });
  }

  test('an archive that is not there is told to who asks', async () => {
    await assert.rejects(imageFileAt(join(folder, 'nowhere.tar.gz')), /There is no file/);
  });

  test('what is no image is refused, with what to do', async () => {
    await assert.rejects(imageFileAt('/etc/hostname'), (error: unknown) => {
      assert.ok(error instanceof MachineError);
      assert.equal(error.kind, 'input');
      assert.match(error.message, /Say what it was made for/);
      return true;
    });
  });
});

test('every target format has its hardware, or is a container', () => {
  for (const { name } of targetFormats) {
    const image = { path: '', targetFormat: name };
    assert.equal(hardwareFor(name) === undefined, isContainer(image), name);
  }
});
