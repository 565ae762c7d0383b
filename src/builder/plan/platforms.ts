/** What the platform of a target format has to say to its machines, and what it wants to hear from them. */
export interface Platform {
  /** Where cloud-init finds what a machine is to be, by its own names; none: an image without cloud-init. */
  readonly datasources?: readonly string[];
  /** Debian packages that answer the platform: its guest agents. */
  readonly agents?: readonly string[];
  /** Vagrant logs in, with a key. */
  readonly vagrant?: true;
}

const qemu = ['qemu-guest-agent'];
const openVmTools = ['open-vm-tools'];
/** A disk with settings (NoCloud, ConfigDrive) is looked for before anything is asked over the network. */
const openStack = ['NoCloud', 'ConfigDrive', 'OpenStack'];
const cloudStack = ['NoCloud', 'ConfigDrive', 'CloudStack'];

/** Debian's free packages have no guest additions of VirtualBox, and none for Xen. */
export const platforms = {
  none: {},
  qemu: { agents: qemu },
  vmware: { agents: openVmTools },
  vagrant: { agents: ['openssh-server'], vagrant: true },
  hyperV: { agents: ['hyperv-daemons'] },
  aws: { datasources: ['Ec2', 'None'] },
  azure: { datasources: ['Azure', 'None'], agents: ['hyperv-daemons', 'waagent'] },
  google: { datasources: ['GCE', 'None'], agents: ['google-guest-agent'] },
  oracle: { datasources: ['Oracle', 'None'] },
  // Its metadata are EC2's.
  outscale: { datasources: ['Ec2', 'None'] },
  openStack: { datasources: openStack },
  openStackOnKvm: { datasources: openStack, agents: qemu },
  openStackOnVmware: { datasources: openStack, agents: openVmTools },
  cloudStack: { datasources: cloudStack },
  cloudStackOnKvm: { datasources: cloudStack, agents: qemu },
  cloudStackOnVmware: { datasources: cloudStack, agents: openVmTools },
} as const satisfies Readonly<Record<string, Platform>>;
