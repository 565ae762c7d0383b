import { targetFormatNamed } from '../../appliance/catalog/targetFormats.ts';
import { platforms, type Platform } from '../plan/platforms.ts';
import { cloudSystem, containerSystem, genericSystem, liveSystem, type System } from '../plan/systems.ts';
import { container } from './container.ts';
import {
  dynamicVhdFile,
  fixedVhdFile,
  qcow2File,
  rawFile,
  vdiFile,
  vhdxFile,
  vmdkFile,
} from './diskFiles.ts';
import { diskImage, diskTarGz } from './diskImage.ts';
import type { ImageFormat, ImageMaking } from './format.ts';
import { iso } from './iso.ts';
import { kvm } from './kvm.ts';
import { lxc } from './lxc.ts';
import { ova, virtualBoxHardware, vmware } from './ova.ts';
import { pxe } from './pxe.ts';
import { tarGz } from './tarGz.ts';
import { vagrant } from './vagrant.ts';
import { xen } from './xen.ts';

const qcow2 = diskImage(qcow2File);
const vmdk = diskImage(vmdkFile);
const fixedVhd = diskImage(fixedVhdFile, { gzip: true });
const dynamicVhd = diskImage(dynamicVhdFile, { gzip: true });
const esx = ova(vmware('lsilogic', 'E1000'));

/**
 * The table of formats: a new one is a line here, and a file where none of these makings is its own. The name is that of
 * `targetFormat/name`; VMware's hardware and cards need Debian's full kernel. A server numbers formats in this order.
 */
const formats: readonly ImageFormat[] = [
  row(
    'VirtualBox',
    'An OVA that VirtualBox imports: machine description and disk in one file.',
    genericSystem,
    ova(virtualBoxHardware),
  ),
  row('QCOW2', 'A disk for QEMU and KVM (virtio hardware).', cloudSystem, qcow2, platforms.qemu),
  row(
    'Raw Virtual Disk',
    'A plain disk, byte by byte, for any hypervisor or a real disk.',
    genericSystem,
    diskImage(rawFile, { gzip: true }),
  ),
  row(
    'KVM',
    'A disk for KVM and launch.sh, a script that starts it (tar archive).',
    cloudSystem,
    kvm,
    platforms.qemu,
  ),
  row('VHD', 'A fixed VHD, for Virtual PC and whatever reads one.', genericSystem, fixedVhd),
  row(
    'Hyper-V',
    'A VHDX for a Hyper-V machine of either generation.',
    cloudSystem,
    diskImage(vhdxFile, { gzip: true }),
    platforms.hyperV,
  ),
  row(
    'VMware Server',
    'An OVA for VMware Workstation, Player and ESXi.',
    genericSystem,
    esx,
    platforms.vmware,
  ),
  row(
    'VMware vCenter',
    'An OVA for vCenter, with VMware’s own disk controller and network card.',
    genericSystem,
    ova(vmware('VirtualSCSI', 'VmxNet3')),
    platforms.vmware,
  ),
  row('OVF or OVA', 'An OVA for any hypervisor that imports one.', genericSystem, esx, platforms.vmware),
  row('Vagrant Base Box', 'A box for Vagrant with VirtualBox.', genericSystem, vagrant, platforms.vagrant),
  row('Xen', 'A disk and a configuration for xl, Xen’s command (tar archive).', cloudSystem, xen),
  row('Citrix Xen Server', 'A VHD that XenServer and XCP-ng import.', cloudSystem, dynamicVhd),
  // VM Import takes raw, VHD and VMDK: of these only the VMDK leaves out what is empty.
  row(
    'Amazon AWS',
    'A disk for EC2 VM Import (streamOptimized VMDK), with drivers for Nitro and Xen machines.',
    cloudSystem,
    vmdk,
    platforms.aws,
  ),
  row(
    'Microsoft Azure',
    'A fixed VHD of whole MiB, to upload as a page blob.',
    cloudSystem,
    fixedVhd,
    platforms.azure,
  ),
  row(
    'Google Compute Engine',
    'disk.raw in a gzip-compressed tar archive, for a Compute Engine image.',
    cloudSystem,
    diskTarGz,
    platforms.google,
  ),
  row(
    'Oracle Cloud',
    'A raw disk in a gzip-compressed tar archive, for Oracle Cloud.',
    genericSystem,
    diskTarGz,
    platforms.oracle,
  ),
  row('Outscale', 'A disk to import as an Outscale snapshot.', cloudSystem, qcow2, platforms.outscale),
  row(
    'Fujitsu K5',
    'A disk for Fujitsu K5 (streamOptimized VMDK).',
    genericSystem,
    vmdk,
    platforms.openStackOnVmware,
  ),
  row(
    'SUSE Cloud',
    'A Glance image for SUSE OpenStack Cloud on KVM.',
    cloudSystem,
    qcow2,
    platforms.openStackOnKvm,
  ),
  row(
    'VMware vCloud Director',
    'An OVA for a vCloud catalogue, with VMware’s own network card.',
    genericSystem,
    ova(vmware('lsilogic', 'VmxNet3')),
    platforms.vmware,
  ),
  row(
    'OpenStack QCOW2',
    'A Glance image for OpenStack on KVM.',
    cloudSystem,
    qcow2,
    platforms.openStackOnKvm,
  ),
  row(
    'OpenStack VMDK',
    'A Glance image for OpenStack on vSphere (streamOptimized).',
    genericSystem,
    vmdk,
    platforms.openStackOnVmware,
  ),
  row(
    'OpenStack VHD',
    'A Glance image for OpenStack on Hyper-V or XenServer.',
    cloudSystem,
    diskImage(dynamicVhdFile),
    platforms.openStack,
  ),
  row(
    'OpenStack VDI',
    'A Glance image in the format of VirtualBox.',
    genericSystem,
    diskImage(vdiFile),
    platforms.openStack,
  ),
  row(
    'CloudStack KVM (QCOW2)',
    'A template for CloudStack on KVM.',
    cloudSystem,
    qcow2,
    platforms.cloudStackOnKvm,
  ),
  // CloudStack takes templates as .vhd.gz, too.
  row(
    'CloudStack Citrix Xen (VHD)',
    'A template for CloudStack on XenServer.',
    cloudSystem,
    dynamicVhd,
    platforms.cloudStack,
  ),
  row(
    'CloudStack VMware (OVA)',
    'A template for CloudStack on vSphere.',
    genericSystem,
    esx,
    platforms.cloudStackOnVmware,
  ),
  row('Docker', 'An OCI archive that docker load, podman and skopeo read.', containerSystem, container),
  row('OpenShift', 'An OCI archive to push to the registry of OpenShift.', containerSystem, container),
  row('LXC Container', 'Root file system and metadata for LXC, LXD and Incus.', containerSystem, lxc),
  row('tar.gz', 'All files of the appliance, without a kernel, in an archive.', containerSystem, tarGz),
  row('ISO', 'A live image for CD, DVD or USB stick (BIOS and UEFI).', liveSystem, iso),
  row(
    'PXE',
    'Kernel, initial RAM disk and root for a start over the network, and an iPXE script.',
    liveSystem,
    pxe,
  ),
];

function row(
  name: string,
  description: string,
  system: System,
  making: ImageMaking,
  platform: Platform = platforms.none,
): ImageFormat {
  const facts = targetFormatNamed(name);
  if (facts === undefined) throw new Error(`“${name}” is not among the known target formats.`);
  const { agents = [], datasources } = platform;
  const tools = [...(datasources === undefined ? [] : ['cloud-init']), ...agents];
  return { info: { ...facts, description, tools }, system, platform, ...making };
}

/** What the forge can build. */
export const targetFormats: readonly ImageFormat['info'][] = formats.map((format) => format.info);

/** The format of that target format's name, as it is written there. */
export function imageFormatOf(name: string | undefined): ImageFormat | undefined {
  return formats.find((format) => format.info.name === name);
}
