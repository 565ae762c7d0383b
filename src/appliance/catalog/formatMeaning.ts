/**
 * What people call a target format, by what they mean: the platform, its maker, the kind of file. The first that fits
 * counts, so what is more special comes first. A plain platform means the format that its images usually have.
 */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/amazon|\baws\b|\bec2\b|^ami$/, 'Amazon AWS'],
  [/azure/, 'Microsoft Azure'],
  [/google|\bgc[ep]\b/, 'Google Compute Engine'],
  [/\bk5/, 'Fujitsu K5'],
  [/open\W?shift/, 'OpenShift'],
  [/open\W?stack.*vmdk/, 'OpenStack VMDK'],
  [/open\W?stack.*vhd/, 'OpenStack VHD'],
  [/open\W?stack.*vdi/, 'OpenStack VDI'],
  [/open\W?stack|\bglance\b/, 'OpenStack QCOW2'],
  [/cloud\W?stack.*(?:xen|vhd)/, 'CloudStack Citrix Xen (VHD)'],
  [/cloud\W?stack.*(?:vmware|ov[af])/, 'CloudStack VMware (OVA)'],
  [/cloud\W?stack/, 'CloudStack KVM (QCOW2)'],
  [/v\W?cloud|\bvcd\b/, 'VMware vCloud Director'],
  [/v\W?sphere|v\W?center|\besxi?\b/, 'VMware vCenter'],
  [/vmware/, 'VMware Server'],
  [/virtual\W?box|\bvbox\b/, 'VirtualBox'],
  [/hyper\W?v|\bvhdx\b/, 'Hyper-V'],
  [/xen\W?server|citrix/, 'Citrix Xen Server'],
  [/\bxen\b/, 'Xen'],
  [/suse/, 'SUSE Cloud'],
  [/oracle|\boci\b/, 'Oracle Cloud'],
  [/outscale/, 'Outscale'],
  [/docker|podman/, 'Docker'],
  [/\blx[cd]\b|\bincus\b/, 'LXC Container'],
  [/vagrant/, 'Vagrant Base Box'],
  [/\bov[af]\b/, 'OVF or OVA'],
  [/qcow/, 'QCOW2'],
  [/\bkvm\b|\bqemu\b|libvirt/, 'KVM'],
  [/\braw\b/, 'Raw Virtual Disk'],
  [/\bvhd\b|virtual\W?pc/, 'VHD'],
  [/\biso\b|\bcd\b|\bdvd\b/, 'ISO'],
  [/\bpxe\b/, 'PXE'],
  [/\btar\b|\btgz\b|\btargz\b/, 'tar.gz'],
];

/** The target format a person most likely means by a name that none has. */
export function formatMeant(name: string): string | undefined {
  const words = name.slice(0, 100).toLowerCase().replaceAll('_', ' ');
  return meanings.find(([pattern]) => pattern.test(words))?.[1];
}
