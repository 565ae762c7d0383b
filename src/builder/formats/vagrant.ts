import { stat } from 'node:fs/promises';
import { ovfDescriptor } from '../disk/ovf.ts';
import { genericSystem } from '../plan/systems.ts';
import { vmdkFile } from './diskFiles.ts';
import { diskFiles, roomFor } from './diskFormat.ts';
import type { ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { archived } from './steps.ts';

/** A box for Vagrant's VirtualBox provider: its metadata, and the machine as VirtualBox exports it. */
export const vagrant: ImageFormat = {
  info: infoOf('Vagrant Base Box', 'A box for Vagrant with VirtualBox.'),
  system: genericSystem,
  file: vmdkFile,
  room: (plan) => ({ convert: roomFor(vmdkFile, plan), pack: 1 }),
  convert: async ({ disks }, context) => await diskFiles(vmdkFile, disks, context),
  async pack(converted, { disks }, context) {
    const { applianceName, memorySize } = context.plan;
    const described = await Promise.all(
      converted.map(async (path, index) => ({
        fileName: `box-disk${index + 1}.vmdk`,
        fileSize: (await stat(path)).size,
        size: disks[index]?.size ?? 0,
      })),
    );
    const hardware = { family: 'virtualbox-2.2', controller: 'AHCI', card: 'E1000' } as const;
    const ovf = ovfDescriptor({ name: applianceName, memorySize, hardware, disks: described });
    const files = [
      { name: 'metadata.json', content: Buffer.from('{"provider":"virtualbox"}\n') },
      { name: 'Vagrantfile', content: Buffer.from(vagrantfile) },
      { name: 'box.ovf', content: Buffer.from(ovf) },
      ...converted.map((path, index) => ({ name: described[index]?.fileName ?? '', content: { path } })),
    ];
    return { path: await archived(files, 'box', context), extension: 'box', mimeType: 'application/x-tar' };
  },
};

/** Without VirtualBox's guest additions there are no shared folders. */
const vagrantfile = `Vagrant.configure("2") do |config|
  config.vm.base_mac = nil
  config.vm.synced_folder ".", "/vagrant", disabled: true
end
`;
