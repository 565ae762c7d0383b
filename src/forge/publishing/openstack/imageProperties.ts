import { PlatformError } from '../platformError.ts';
import type { PublishWork } from '../publisher.ts';

/** What Glance has to know of an image so that Nova starts it as it was built. */
export function imageProperties(work: PublishWork): Readonly<Record<string, string>> {
  const { targetFormat, distribution = '' } = work;
  const [name = '', version = ''] = distribution.split(' ');
  return {
    disk_format: diskFormat(work),
    container_format: 'bare',
    architecture: 'x86_64',
    os_type: 'linux',
    ...(name !== '' && { os_distro: name.toLowerCase(), os_version: version }),
    ...hardware[targetFormat],
  };
}

/** A disk starts on BIOS in any case, on UEFI unless its partitions have no room for that. */
const kvm = {
  hw_disk_bus: 'virtio',
  hw_firmware_type: 'bios',
  hw_qemu_guest_agent: 'yes',
  hw_rng_model: 'virtio',
  hw_vif_model: 'virtio',
};
const vmware = { vmware_adaptertype: 'lsiLogic', vmware_disktype: 'streamOptimized' };

/** By target format; the others start on what the hypervisor has. */
const hardware: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'OpenStack QCOW2': kvm,
  'SUSE Cloud': kvm,
  'OpenStack VMDK': vmware,
  'Fujitsu K5': vmware,
};

const diskFormats = ['qcow2', 'raw', 'vdi', 'vhd', 'vhdx', 'vmdk'];

function diskFormat({ file, targetFormat }: PublishWork): string {
  const { fileExtension } = file;
  if (diskFormats.includes(fileExtension)) return fileExtension;
  throw new PlatformError(
    `OpenStack takes one disk as it is, and this ${targetFormat} image is a ${fileExtension} file. Generate it again with one disk and compress off.`,
  );
}
