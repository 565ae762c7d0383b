import { stat } from 'node:fs/promises';
import { ovfDescriptor } from '../disk/ovf.ts';
import { vmdkFile } from './diskFiles.ts';
import { disksAs, roomFor } from './diskImage.ts';
import type { ImageMaking } from './format.ts';
import { virtualBoxHardware } from './ova.ts';
import { archived, diskFilesIn } from './steps.ts';

/** A box for Vagrant's VirtualBox provider: its metadata, and the machine as VirtualBox exports it. */
export const vagrant: ImageMaking = {
  shape: 'Vagrant box',
  ...disksAs(vmdkFile),
  room: (plan) => ({ convert: roomFor(vmdkFile, plan), pack: 1 }),
  async pack(context) {
    const { applianceName, memorySize, disks } = context.plan;
    const converted = diskFilesIn(context.from, context.plan, vmdkFile.extension);
    const described = await Promise.all(
      converted.map(async (path, index) => ({
        fileName: `box-disk${index + 1}.vmdk`,
        fileSize: (await stat(path)).size,
        size: disks[index]?.size ?? 0,
      })),
    );
    const hardware = virtualBoxHardware();
    const ovf = ovfDescriptor({ name: applianceName, memorySize, hardware, disks: described });
    const files = [
      { name: 'metadata.json', content: Buffer.from('{"provider":"virtualbox"}\n') },
      { name: 'Vagrantfile', content: Buffer.from(vagrantfile) },
      { name: 'box.ovf', content: Buffer.from(ovf) },
      ...converted.map((path, index) => ({ name: described[index]?.fileName ?? '', content: { path } })),
    ];
    await archived(files, 'box', context);
  },
};

/** Without VirtualBox's guest additions there are no shared folders. */
const vagrantfile = `Vagrant.configure("2") do |config|
  config.vm.base_mac = nil
  config.vm.synced_folder ".", "/vagrant", disabled: true
end
`;
