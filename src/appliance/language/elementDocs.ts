import type { Field } from '../../uforge/schema/table.ts';
import { asSentence, sentence, type Part, type Sentence } from '../../uforge/language/sentence.ts';

/** What elements mean, by type and name, in the words of people who send requests. Sizes are in MB whatever the schema says. */
export const elementDocs: Readonly<Record<string, string>> = {
  'Image.parentUri':
    'The appliance the image is made of, for example `users/me/appliances/201`. Without it the template beside the request is taken.',
  'Image.compress':
    'Whether the image is packed into a file that can be downloaded. Images for a cloud are published instead and are not compressed.',
  'Image.targetFormat': 'What the image is for. Its `name` is one of the server’s target formats.',
  'Image.installProfile': 'The machine: memory, disk, swap. What is not said here comes from the appliance.',
  'Image.simulated': 'Only the dependencies are checked; no image is made.',
  'Image.forceCheckingDeps': 'Check the dependencies even if nothing has changed.',
  'Image.entrypoint':
    'Command a container starts, in exec form: `["/bin/sh"]`. Docker and OpenShift need it.',
  'Image.ebs': 'Amazon AWS: put the image on an EBS volume.',
  'Image.ebsVolumeSize': 'Amazon AWS: size of that volume in **MB**.',
  'Image.format': 'The primitive format. A request says `targetFormat` instead.',
  'Image.updateTools': 'Whether the platform’s tools are brought up to date.',
  'Image.tag': 'A word of your own to tell images apart.',
  'Image.downloadUri': 'Given by the server: where the image is, with a key that is good for one download.',
  'Image.revision': 'Given by the server: the appliance’s revision the image was made of.',
  'TargetFormat.name':
    'Name of the target format, as the server has it. An administrator may have renamed it.',
  'InstallProfile.memorySize': 'Memory of the machine in **MB**: 1024 is one GB.',
  'InstallProfile.diskSize': 'Size of the disk in **MB**: 8192 is eight GB.',
  'InstallProfile.swapSize': 'Size of the swap space in **MB**.',
  'InstallProfile.hwType': 'Version of VMware’s virtual hardware: 4, 7, 9 or 11.',
  'InstallProfile.keyboard': 'Layout of the keyboard.',
  'InstallProfile.timezone': 'Time zone, for example `Europe/London`.',
  'InstallProfile.kernelParameters': 'Parameters of the kernel’s command line.',
  'InstallProfile.partitionAuto': 'Whether the disk is divided up for you.',
  'InstallProfile.partitionTable': 'How the disks are divided up. Some clouds take one disk only.',
  'InstallProfile.rootUser': 'How root logs in.',
  'InstallProfile.users': 'Further users.',
  'InstallProfile.nics': 'The machine’s cards, and how each gets its addresses.',
  'InstallProfile.seLinuxMode': 'Mode of SELinux.',
  'InstallProfile.skipLicenses': 'Don’t show licences at first boot.',
  'InstallProfile.welcomeMsg': 'What is shown at first boot.',
  'Nic.order': 'Place of the card among the cards, from 1.',
  'Nic.ipv4Method': 'How the card gets its IPv4 address: `AUTOMATIC` is DHCP.',
  'Nic.ipv6Method': 'How the card gets its IPv6 address.',
  'Nic.ipAddresses': 'Fixed addresses.',
  'IPAddress.type': '4 or 6.',
  'PartitionTable.disks': 'Disks with partitions of your own, in the place of those that are made for you.',
  'InstallProfile.groups': 'Further groups.',
  'OSUser.sshKeys': 'Keys to log in with.',
  'Disk.partitions': 'Up to four, or three and an Extended one.',
  'Partition.logicalPartitions': 'What an Extended partition is divided up into.',
  'Disk.name': 'Name of the disk: `sda` to `sdf`.',
  'Disk.size': 'Size of the disk in **MB**.',
  'Partition.size': 'Size of the partition in **MB**, at least 64.',
  'Partition.mpoint': 'Where it is mounted.',
  'Partition.growable': 'Whether it takes the space that is left.',
  'OSUser.password': 'The password. Readable for everybody who can read this file.',
  'OSUser.disablePasswordLogin': 'Whether the user may log in by SSH key only.',
  'PublishImage.imageUri': 'The image that is published.',
  'PublishImage.cloudId': 'Given by the cloud: what it calls the image.',
  'UForgeObject.created': 'Given by the server.',
  'UForgeObject.dbId': 'Given by the server.',
  'UForgeObject.digest': 'Given by the server: changes whenever the object does.',
  'UForgeObject.lastModified': 'Given by the server.',
};

/** The text for an element of a type, its own or one of the types it inherits from. */
export function elementDoc(lineage: readonly string[], name: string): Part {
  for (const type of lineage) {
    const text = elementDocs[`${type}.${name}`];
    if (text !== undefined) return asSentence(text);
  }
  return '';
}

/** What kind of thing an element holds, in a word or two. */
export function kindOfField(field: Field): Part {
  if (field.kind === 'object') return field.type;
  if (field.kind === 'list') return sentence`list of ${field.item}`;
  if (field.values !== undefined) return sentence`one of a list`;
  const names: Readonly<Record<string, Sentence>> = {
    string: sentence`text`,
    anyURI: sentence`address, relative to the server’s`,
    boolean: sentence`true or false`,
    int: sentence`whole number`,
    integer: sentence`whole number`,
    long: sentence`whole number`,
    float: sentence`number`,
    dateTime: sentence`date and time`,
    base64Binary: sentence`base64`,
  };
  return names[field.type] ?? field.type;
}
