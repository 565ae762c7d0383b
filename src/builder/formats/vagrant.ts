import { vmdkFile } from './diskFiles.ts';
import { disksAs, roomFor } from './diskImage.ts';
import type { Plan } from '../plan/plan.ts';
import { boxUser } from '../plan/vagrant.ts';
import type { ImageMaking } from './format.ts';
import { ovfFiles, virtualBoxHardware } from './ova.ts';
import { archived } from './steps.ts';

/** A box for Vagrant's VirtualBox provider: its metadata, and the machine as VirtualBox exports it. */
export const vagrant: ImageMaking = {
  shape: 'Vagrant box',
  ...disksAs(vmdkFile),
  room: (plan) => ({ convert: roomFor(vmdkFile, plan), pack: 1 }),
  async pack(context) {
    const files = [
      { name: 'metadata.json', content: Buffer.from('{"provider":"virtualbox"}\n') },
      { name: 'Vagrantfile', content: Buffer.from(vagrantfile(context.plan)) },
      ...(await ovfFiles('box', virtualBoxHardware(), context)),
    ];
    await archived(files, 'box', context);
  },
};

/** Without VirtualBox's guest additions there are no shared folders; each machine gets a MAC address of its own. */
function vagrantfile({ vagrantUser = boxUser }: Plan): string {
  return `Vagrant.configure("2") do |config|
  config.vm.base_mac = nil
  config.vm.synced_folder ".", "/vagrant", disabled: true
  config.ssh.username = "${vagrantUser}"
end
`;
}
