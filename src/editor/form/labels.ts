import * as vscode from 'vscode';
import type { FormSection } from '../../appliance/form/requestForm.ts';

/** What the sections of the form are called. */
export const sectionTitles: Readonly<Record<FormSection['id'], string>> = {
  image: vscode.l10n.t('Image'),
  machine: vscode.l10n.t('Machine'),
  disk: vscode.l10n.t('Disk'),
  network: vscode.l10n.t('Network'),
  container: vscode.l10n.t('Container'),
  amazon: vscode.l10n.t('Amazon AWS'),
  system: vscode.l10n.t('System'),
  users: vscode.l10n.t('Users'),
  others: vscode.l10n.t('More lists'),
};

/** What a value or a list is called: by its path, else by its element's name, else that name itself. */
export function labelOf(id: string): string {
  const name = id.slice(id.lastIndexOf('/') + 1);
  return labels[id] ?? labels[name] ?? inWords(name);
}

/** What an item of a list is called inside of a sentence. */
export function itemLabel(name: string): string {
  return items[name] ?? inWords(name).toLowerCase();
}

const labels: Readonly<Record<string, string>> = {
  'targetFormat/name': vscode.l10n.t('Target format'),
  compress: vscode.l10n.t('Compress to a file for download'),
  simulated: vscode.l10n.t('Simulate only'),
  forceCheckingDeps: vscode.l10n.t('Always check dependencies'),
  parentUri: vscode.l10n.t('Appliance on the server'),
  memorySize: vscode.l10n.t('Memory'),
  hwType: vscode.l10n.t('Virtual hardware version'),
  diskSize: vscode.l10n.t('Disk size'),
  swapSize: vscode.l10n.t('Swap'),
  partitionAuto: vscode.l10n.t('Partition automatically'),
  entrypoint: vscode.l10n.t('Command'),
  ebs: vscode.l10n.t('On an EBS volume'),
  ebsVolumeSize: vscode.l10n.t('Volume size'),
  keyboard: vscode.l10n.t('Keyboard'),
  timezone: vscode.l10n.t('Time zone'),
  seLinuxMode: vscode.l10n.t('SELinux'),
  welcomeMsg: vscode.l10n.t('Welcome message'),
  skipLicenses: vscode.l10n.t('Skip licences at first boot'),

  disks: vscode.l10n.t('Disks'),
  partitions: vscode.l10n.t('Partitions'),
  logicalPartitions: vscode.l10n.t('Logical partitions'),
  logicalGroups: vscode.l10n.t('Volume groups'),
  logicalVolumes: vscode.l10n.t('Logical volumes'),
  volumes: vscode.l10n.t('Volumes'),
  btrfsStoragePools: vscode.l10n.t('Btrfs storage pools'),
  btrfsSubvolumes: vscode.l10n.t('Btrfs subvolumes'),
  subvolumes: vscode.l10n.t('Subvolumes'),
  nics: vscode.l10n.t('Network cards'),
  ipAddresses: vscode.l10n.t('IP addresses'),
  users: vscode.l10n.t('Users'),
  groups: vscode.l10n.t('Groups'),
  sshKeys: vscode.l10n.t('SSH keys'),
  'installProfile/rootUser/sshKeys': vscode.l10n.t('SSH keys of root'),

  name: vscode.l10n.t('Name'),
  order: vscode.l10n.t('Place'),
  type: vscode.l10n.t('Type'),
  size: vscode.l10n.t('Size'),
  label: vscode.l10n.t('Label'),
  autoConnect: vscode.l10n.t('Connect automatically'),
  ipv4Method: 'IPv4',
  ipv6Method: 'IPv6',
  address: vscode.l10n.t('Address'),
  netmask: vscode.l10n.t('Network mask'),
  gateway: vscode.l10n.t('Gateway'),
  partitionType: vscode.l10n.t('Partition table'),
  blockSize: vscode.l10n.t('Block size'),
  fstype: vscode.l10n.t('File system'),
  mpoint: vscode.l10n.t('Mount point'),
  growable: vscode.l10n.t('Takes the space that is left'),
  mbrBoot: vscode.l10n.t('Boot partition'),
  fullName: vscode.l10n.t('Full name'),
  password: vscode.l10n.t('Password'),
  encrypted: vscode.l10n.t('The password is a hash'),
  disablePasswordLogin: vscode.l10n.t('Log in with a key only'),
  homeDir: vscode.l10n.t('Home folder'),
  shell: vscode.l10n.t('Shell'),
  userId: vscode.l10n.t('User id'),
  groupId: vscode.l10n.t('Group id'),
  primaryGroup: vscode.l10n.t('Primary group'),
  secondaryGroups: vscode.l10n.t('Secondary groups'),
  systemUser: vscode.l10n.t('System user'),
  systemGroup: vscode.l10n.t('System group'),
  publicKey: vscode.l10n.t('Public key'),
  groupName: vscode.l10n.t('Volume group'),
};

const items: Readonly<Record<string, string>> = {
  disk: vscode.l10n.t('disk'),
  partition: vscode.l10n.t('partition'),
  logicalPartition: vscode.l10n.t('logical partition'),
  logicalGroup: vscode.l10n.t('volume group'),
  logicalVolume: vscode.l10n.t('logical volume'),
  volume: vscode.l10n.t('volume'),
  btrfsStoragePool: vscode.l10n.t('Btrfs storage pool'),
  btrfsSubvolume: vscode.l10n.t('Btrfs subvolume'),
  subvolume: vscode.l10n.t('subvolume'),
  nic: vscode.l10n.t('network card'),
  ipAddress: vscode.l10n.t('IP address'),
  user: vscode.l10n.t('user'),
  group: vscode.l10n.t('group'),
  sshKey: vscode.l10n.t('SSH key'),
};

/** `volumeOrder` as “Volume order”. */
function inWords(name: string): string {
  const words = name.replaceAll(/\[.*|([a-z])([A-Z])/g, (_, end: string | undefined, start = '') =>
    end === undefined ? '' : `${end} ${String(start).toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
