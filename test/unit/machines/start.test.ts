import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runsKernel } from '../../../src/machines/accelerator.ts';
import { hardwareFor } from '../../../src/machines/hardware.ts';
import { startMachine } from '../../../src/machines/index.ts';
import { installOn } from '../../../src/machines/program.ts';
import { qemuArguments, type MachinePlan } from '../../../src/machines/qemuArguments.ts';

const descriptors = { monitor: 4, console: 5, firmware: 6 };

function argumentsFor(targetFormat: string, more: Partial<MachinePlan> = {}): string {
  const hardware = hardwareFor(targetFormat);
  assert.ok(hardware);
  const plan = { hardware, memoryMb: 512, cpus: 2, cards: 1, disks: ['disk1.qcow2'], cds: [], smbios: [] };
  return qemuArguments({ ...plan, screen: '/s/screen', ...more }, 'tcg', descriptors).join(' ');
}

suite('the hardware of a machine is its platform’s', () => {
  for (const [format, disk, card] of [
    ['VirtualBox', '-machine q35 .*-device ide-hd,', '-device e1000,'],
    ['VHD', '-machine pc .*-device ide-hd,', '-device e1000,'],
    ['QCOW2', '-device virtio-blk-pci,', '-device virtio-net-pci,'],
    [
      'VMware vCenter',
      '-device pvscsi,id=scsi .*-device scsi-hd,bus=scsi.0,drive=drive0',
      '-device vmxnet3,',
    ],
    ['VMware Server', '-device pvscsi,id=scsi .*-device scsi-hd,', '-device e1000,'],
    ['Amazon AWS', '-device nvme,serial=disk0,drive=drive0', '-device virtio-net-pci,'],
    ['Google Compute Engine', '-device virtio-scsi-pci,id=scsi', '-device virtio-net-pci,'],
  ] as const) {
    test(format, () => {
      assert.match(argumentsFor(format), new RegExp(disk));
      assert.match(argumentsFor(format), new RegExp(card));
    });
  }

  test('only its first card leads anywhere', () => {
    const said = argumentsFor('QCOW2', { cards: 2 });
    assert.match(said, /-netdev user,id=net0 /);
    assert.match(said, /-netdev user,id=net1,restrict=on /);
  });

  test('a comma in a path is a part of it', () => {
    assert.match(argumentsFor('ISO', { disks: [], cds: ['/a,b.iso'] }), /file=\/a,,b\.iso/);
  });
});

suite('KVM is proven by a kernel that runs', () => {
  test('in the upper half of the addresses, or in a program', () => {
    assert.ok(runsKernel('RIP=ffffffff81a3c0de RFL=0246 CPL=0\nCR0=80050033 CR2=0'));
    assert.ok(runsKernel('RIP=00007f12a0b1c2d3 RFL=0246 [---] CPL=3 II=0\nCR0=80050033'));
  });
  test('not by firmware and boot loaders', () => {
    assert.ok(!runsKernel('EIP=00009211 EFL=00000002 [-------] CPL=0\nCR0=00000011'));
    assert.ok(!runsKernel('RIP=000000000e4a3c0d RFL=00000246 CPL=0\nCR0=80010033'), 'UEFI has paging');
    assert.ok(!runsKernel(''));
  });
});

suite('a missing QEMU is told with what installs it', () => {
  for (const [release, command] of [
    ['PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', 'sudo apt install'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'sudo apt install'],
    ['ID="rhel"\nID_LIKE="fedora"\n', 'sudo dnf install'],
    ['ID=fedora\n', 'sudo dnf install'],
    ['ID=arch\n', 'sudo pacman -S'],
    ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'sudo zypper install'],
    ['ID=alpine\n', 'sudo apk add'],
    ['ID=haiku\n', 'https://www.qemu.org/download/'],
  ] as const) {
    test(command, () => assert.ok(installOn('linux', release).startsWith(command)));
  }
  test('on macOS and Windows', () => {
    assert.equal(installOn('darwin', ''), 'brew install qemu');
    assert.equal(installOn('win32', ''), 'winget install SoftwareFreedomConservancy.QEMU');
  });
});

suite('what can’t be started is refused before anything is', () => {
  test('more memory than there is', async () => {
    await assert.rejects(
      startMachine({ path: '/x.qcow2', targetFormat: 'QCOW2' }, { memoryMb: 2 ** 30 }),
      /asks for 1073741824 MB of memory, and this computer has \d+\. Start it with less\./,
    );
  });
  test('without QEMU, and nothing stays behind', async (t) => {
    const { PATH: path, TMPDIR: temporary } = process.env;
    const folder = await mkdtemp(join(tmpdir(), 'no-qemu-'));
    const [programs, machines] = [join(folder, 'bin'), join(folder, 'machines')];
    await mkdir(programs);
    await mkdir(machines);
    await symlink('/bin/sh', join(programs, 'sh'));
    Object.assign(process.env, { PATH: programs, TMPDIR: machines });
    t.after(async () => {
      process.env['PATH'] = path;
      if (temporary === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = temporary;
      await rm(folder, { recursive: true });
    });
    const image = { path: '/x.iso', targetFormat: 'ISO', memoryMb: 64 };
    await assert.rejects(startMachine(image), /This computer has no “qemu-system-x86_64”/);
    assert.deepEqual(await readdir(machines), []);
  });
  test('a file that is not there', async () => {
    await assert.rejects(startMachine({ path: '/x.qcow2', targetFormat: 'QCOW2' }), /There is no file/);
  });
});
