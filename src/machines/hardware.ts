import { targetFormatNamed } from '../appliance/catalog/targetFormats.ts';
import type { ImageFile } from './model.ts';

/** What QEMU gives a machine in the place of what its platform has. */
export interface Hardware {
  readonly disk: 'virtio' | 'virtioScsi' | 'ahci' | 'ide' | 'nvme' | 'pvscsi' | 'sas';
  readonly card: 'virtio-net-pci' | 'e1000' | 'vmxnet3';
  /** MB that it needs at least: live systems have all of their root in it. */
  readonly leastMemoryMb?: number;
}

const virtio: Hardware = { disk: 'virtio', card: 'virtio-net-pci' };
const virtualBox: Hardware = { disk: 'ahci', card: 'e1000' };
// LSI Logic's parallel controller is none of QEMU's: its serial one has the same driver family (Fusion MPT).
const lsiLogic: Hardware = { disk: 'sas', card: 'e1000' };

/**
 * By target format, as docs/formats.md has it. QEMU has no Xen and no Hyper-V: their images are started on virtio, which
 * their kernels know, too.
 */
const hardware: Readonly<Record<string, Hardware>> = {
  VirtualBox: virtualBox,
  'Vagrant Base Box': virtualBox,
  'Raw Virtual Disk': virtualBox,
  'OpenStack VDI': virtualBox,
  ISO: virtualBox,
  VHD: { disk: 'ide', card: 'e1000' },
  'VMware Server': lsiLogic,
  'OVF or OVA': lsiLogic,
  'CloudStack VMware (OVA)': lsiLogic,
  'OpenStack VMDK': lsiLogic,
  'Fujitsu K5': lsiLogic,
  'VMware vCloud Director': { disk: 'sas', card: 'vmxnet3' },
  'VMware vCenter': { disk: 'pvscsi', card: 'vmxnet3' },
  QCOW2: virtio,
  KVM: virtio,
  'OpenStack QCOW2': virtio,
  'SUSE Cloud': virtio,
  'CloudStack KVM (QCOW2)': virtio,
  Outscale: virtio,
  'Oracle Cloud': virtio,
  'Google Compute Engine': { disk: 'virtioScsi', card: 'virtio-net-pci' },
  'Amazon AWS': { disk: 'nvme', card: 'virtio-net-pci' },
  Xen: virtio,
  'Citrix Xen Server': virtio,
  'CloudStack Citrix Xen (VHD)': virtio,
  'OpenStack VHD': virtio,
  'Hyper-V': virtio,
  'Microsoft Azure': virtio,
  PXE: { disk: 'ide', card: 'e1000', leastMemoryMb: 1536 },
};

/** Undefined for containers, and for what is no target format. */
export function hardwareFor(targetFormat: string): Hardware | undefined {
  return hardware[targetFormat];
}

export function isContainer({ targetFormat }: ImageFile): boolean {
  const facts = targetFormatNamed(targetFormat);
  return facts?.category === 'container' || targetFormat === 'OpenShift';
}
