import type { TypeName } from '../../uforge/dto.ts';

/** What is known of a target format without asking a server. */
export interface TargetFormatFacts {
  /** The name a server ships it with; an administrator may have renamed it. */
  readonly name: string;
  /** The primitive format behind it: `imageFormat/name`. */
  readonly imageFormat: string;
  readonly category: 'cloud' | 'virtual' | 'container' | 'physical';
  /** Whether its images are made for downloading (true) or for publishing (false): hammr's choice and the docs'. */
  readonly compress: boolean;
  /** The machine's memory has to be said. */
  readonly memory?: true;
  /** The version of the virtual hardware may be said: `hwType`. */
  readonly hwType?: true;
  /** The command a container starts has to be said. */
  readonly entrypoint?: true;
  /** Needs `ebs` and the volume's size. */
  readonly ebs?: true;
  readonly oneDisk?: true;
  readonly noWindows?: true;
  readonly only64Bit?: true;
  readonly onlyCentOs?: true;
  /** The `xsi:type` of the `publishImage` that publishes such an image. */
  readonly publishType?: TypeName;
  /** The target platform it is published to. */
  readonly platform?: string;
  /** The cloud account's type. */
  readonly account?: string;
  /** What hammr called it before 3.6; many examples still do. */
  readonly legacyName?: string;
}

/**
 * The 32 documented target formats, and tar.gz. Source: hammr 3.8.13, generate_utils.py, publish_builders.py and its builder
 * pages; the limits are the user guide's (image-generate, supported-image-type).
 */
export const targetFormats: readonly TargetFormatFacts[] = [
  {
    name: 'Amazon AWS',
    imageFormat: 'aws',
    category: 'cloud',
    compress: false,
    ebs: true,
    publishType: 'PublishImageAws',
    platform: 'Amazon',
    account: 'aws',
    legacyName: 'ami',
  },
  {
    name: 'CloudStack VMware (OVA)',
    imageFormat: 'cloudstackova',
    category: 'cloud',
    compress: true,
    memory: true,
    publishType: 'PublishImageCloudStack',
    platform: 'CloudStack',
    account: 'cloudstack',
    legacyName: 'cloudstack-ovf',
  },
  {
    name: 'CloudStack KVM (QCOW2)',
    imageFormat: 'cloudstackqcow2',
    category: 'cloud',
    compress: true,
    memory: true,
    publishType: 'PublishImageCloudStack',
    platform: 'CloudStack',
    account: 'cloudstack',
    legacyName: 'cloudstack-qcow2',
  },
  {
    name: 'CloudStack Citrix Xen (VHD)',
    imageFormat: 'cloudstackvhd',
    category: 'cloud',
    compress: true,
    memory: true,
    publishType: 'PublishImageCloudStack',
    platform: 'CloudStack',
    account: 'cloudstack',
    legacyName: 'cloudstack-vhd',
  },
  {
    name: 'Google Compute Engine',
    imageFormat: 'google',
    category: 'cloud',
    compress: true,
    publishType: 'PublishImageGoogle',
    platform: 'Google Compute Engine',
    account: 'google',
    legacyName: 'gce',
  },
  {
    name: 'Microsoft Azure',
    imageFormat: 'azure',
    category: 'cloud',
    compress: false,
    publishType: 'PublishImageAzure',
    platform: 'Microsoft Azure',
    account: 'azure',
    legacyName: 'azure',
  },
  {
    name: 'Fujitsu K5',
    imageFormat: 'k5vmdk',
    category: 'cloud',
    compress: false,
    oneDisk: true,
    only64Bit: true,
    publishType: 'PublishImageK5',
    platform: 'K5',
    account: 'k5',
  },
  {
    name: 'OpenStack QCOW2',
    imageFormat: 'openstackqcow2',
    category: 'cloud',
    compress: false,
    oneDisk: true,
    publishType: 'PublishImageOpenStack',
    platform: 'OpenStack',
    account: 'openstack',
    legacyName: 'openstack-qcow2',
  },
  {
    name: 'OpenStack VMDK',
    imageFormat: 'openstackvmdk',
    category: 'cloud',
    compress: false,
    oneDisk: true,
    publishType: 'PublishImageOpenStack',
    platform: 'OpenStack',
    account: 'openstack',
    legacyName: 'openstack-vmdk',
  },
  {
    name: 'OpenStack VHD',
    imageFormat: 'openstackvhd',
    category: 'cloud',
    compress: false,
    oneDisk: true,
    publishType: 'PublishImageOpenStack',
    platform: 'OpenStack',
    account: 'openstack',
    legacyName: 'openstack-vhd',
  },
  {
    name: 'OpenStack VDI',
    imageFormat: 'openstackvdi',
    category: 'cloud',
    compress: false,
    oneDisk: true,
    publishType: 'PublishImageOpenStack',
    platform: 'OpenStack',
    account: 'openstack',
    legacyName: 'openstack-vdi',
  },
  {
    name: 'Oracle Cloud',
    imageFormat: 'oracleraw',
    category: 'cloud',
    compress: true,
    publishType: 'PublishImageOracle',
    platform: 'Oracle',
    account: 'oracle',
  },
  {
    name: 'Outscale',
    imageFormat: 'outscale',
    category: 'cloud',
    compress: false,
    publishType: 'PublishImageOutscale',
    platform: 'Outscale',
    account: 'outscale',
    legacyName: 'outscale',
  },
  {
    name: 'SUSE Cloud',
    imageFormat: 'susecloud',
    category: 'cloud',
    compress: false,
    publishType: 'PublishImageSuseCloud',
    platform: 'Suse Cloud',
    legacyName: 'susecloud',
  },
  {
    name: 'VMware vCloud Director',
    imageFormat: 'vcloud',
    category: 'cloud',
    compress: false,
    memory: true,
    hwType: true,
    publishType: 'PublishImageVCloudDirector',
    platform: 'VMware vCloud Director',
    account: 'vclouddirector',
    legacyName: 'vcd',
  },
  {
    name: 'OpenShift',
    imageFormat: 'openshift',
    category: 'cloud',
    compress: true,
    entrypoint: true,
    noWindows: true,
    publishType: 'PublishImageOpenShift',
    platform: 'OpenShift',
    account: 'openshift',
  },
  {
    name: 'Citrix Xen Server',
    imageFormat: 'xenserver',
    category: 'virtual',
    compress: true,
    memory: true,
    legacyName: 'xenserver',
  },
  {
    name: 'Hyper-V',
    imageFormat: 'hyper-v',
    category: 'virtual',
    compress: true,
    memory: true,
    legacyName: 'hyper-v',
  },
  { name: 'KVM', imageFormat: 'kvm', category: 'virtual', compress: true, memory: true, legacyName: 'kvm' },
  {
    name: 'OVF or OVA',
    imageFormat: 'ovf',
    category: 'virtual',
    compress: true,
    memory: true,
    hwType: true,
    legacyName: 'ovf',
  },
  {
    name: 'QCOW2',
    imageFormat: 'qcow2',
    category: 'virtual',
    compress: true,
    memory: true,
    legacyName: 'qcow2',
  },
  { name: 'Raw Virtual Disk', imageFormat: 'raw', category: 'virtual', compress: true, legacyName: 'raw' },
  {
    name: 'Vagrant Base Box',
    imageFormat: 'vagrant',
    category: 'virtual',
    compress: true,
    memory: true,
    legacyName: 'vagrant',
  },
  {
    name: 'VirtualBox',
    imageFormat: 'vbox',
    category: 'virtual',
    compress: true,
    memory: true,
    legacyName: 'vbox',
  },
  { name: 'VHD', imageFormat: 'vhd', category: 'virtual', compress: true, memory: true, legacyName: 'vhd' },
  {
    name: 'VMware Server',
    imageFormat: 'vmware',
    category: 'virtual',
    compress: true,
    memory: true,
    hwType: true,
    legacyName: 'vmware',
  },
  {
    name: 'VMware vCenter',
    imageFormat: 'vcenter',
    category: 'virtual',
    compress: false,
    memory: true,
    hwType: true,
    publishType: 'PublishImageVSphere',
    platform: 'VMware vCenter',
    account: 'vsphere',
    legacyName: 'vcenter',
  },
  { name: 'Xen', imageFormat: 'xen', category: 'virtual', compress: true, memory: true, legacyName: 'xen' },
  {
    name: 'Docker',
    imageFormat: 'docker',
    category: 'container',
    compress: true,
    entrypoint: true,
    noWindows: true,
    publishType: 'PublishImageDocker',
    platform: 'Docker',
    account: 'docker',
  },
  // In the portal's list and in hammr, but on no builder page: the name is ours.
  { name: 'tar.gz', imageFormat: 'targz', category: 'container', compress: true, noWindows: true },
  { name: 'LXC Container', imageFormat: 'lxc', category: 'container', compress: true, noWindows: true },
  {
    name: 'ISO',
    imageFormat: 'ISO',
    category: 'physical',
    compress: true,
    noWindows: true,
    legacyName: 'iso',
  },
  { name: 'PXE', imageFormat: 'PXE', category: 'physical', compress: false, onlyCentOs: true },
];

/** The versions of VMware's virtual hardware a request may ask for. */
export const hardwareTypes: readonly string[] = ['4', '7', '9', '11'];

/** One of them, as it is or as hammr's documentation writes it: `7 (ESXi>4.x)`; undefined for anything else. */
export function hardwareTypeOf(text: string): string | undefined {
  const number = /^\s*(?:vmx-)?0?(\d{1,2})\s*(?:\(.*\)\s*)?$/i.exec(text)?.[1];
  return hardwareTypes.find((each) => each === number);
}

/** The facts about the target format of that very name. */
export function targetFormatNamed(name: string): TargetFormatFacts | undefined {
  return targetFormats.find((each) => each.name === name);
}

/** Today's name for what hammr called otherwise before 3.6; none when the two differ in nothing. */
export function renamedTargetFormat(name: string): string | undefined {
  const found = targetFormats.find(({ legacyName }) => legacyName === name);
  return found === undefined || found.name === name ? undefined : found.name;
}
