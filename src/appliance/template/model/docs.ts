import type { TemplateKeyDoc } from './keyDoc.ts';
import { packageDocs } from './packageDocs.ts';
import { settingsDocs } from './settingsDocs.ts';
import { testDocs } from './testDocs.ts';

const debian = { name: 'Debian', version: '12', arch: 'x86_64', profile: 'Minimal' };
const stack = { name: 'my-appliance', version: '1.0', os: debian };
const script = {
  name: 'first-boot',
  source: 'config/first-boot.sh',
  type: 'bootscript',
  frequency: 'firstboot',
};
const sshKey = { name: 'me', publicKey: 'ssh-ed25519 AAAA…' };
const partition = { number: 1, fstype: 'ext4', size: 4096, mountPoint: '/' };
const file = { name: 'app', source: 'app/' };

/** By row and key of `templateTypes`. Source: hammr 3.8.13, templates-spec; a unit test finds keys without a text. */
export const templateDocs: Readonly<Record<string, TemplateKeyDoc>> = {
  ...packageDocs,
  ...settingsDocs,
  ...testDocs,
  'Template.stack': { text: 'What is installed: operating system, packages, scripts.', example: stack },
  'Template.builders': {
    text: 'The target formats images are built for, with their hardware.',
    example: [{ type: 'VirtualBox', hardwareSettings: { memory: 1024 } }],
  },
  'Template.accounts': { text: 'Cloud accounts that builders refer to by name.' },
  'Template.provisioner': { text: 'How a published image is deployed.' },
  'Template.migration': { text: 'Where a scanned machine is migrated from and to.' },
  'Template.apiVersion': { text: 'Version of the UForge that exported the template. Not used.' },
  'Stack.apiVersion': { text: 'Version of the UForge that exported the template. Not used.' },
  'Stack.name': { text: 'The appliance’s name.', example: 'my-appliance' },
  'Stack.version': { text: 'The appliance’s version: a text, so quote it.', example: '1.0' },
  'Stack.description': { text: 'What the appliance is for.' },
  'Stack.os': { text: 'The operating system.', example: debian },
  'Stack.bundles': {
    text: 'Software that is not in the distribution’s packages.',
    example: [{ name: 'app', version: '1.0', files: [file] }],
  },
  'Stack.installation': {
    text: 'How the operating system is set up: disk, network, users.',
    example: { diskSize: 8192 },
  },
  'Stack.config': { text: 'Scripts that run when the machine starts.', example: [script] },
  'Stack.source_logo': { text: 'Picture of the appliance, a file beside the template.' },
  'Os.name': { text: 'Name of the distribution, as the server has it.', example: 'Debian' },
  'Os.version': { text: 'Version of the distribution: a text, so quote it.', example: '12' },
  'Os.arch': { text: 'Architecture of the machine.', example: 'x86_64' },
  'Os.profile': { text: 'Set of packages the operating system starts with.', example: 'Minimal' },
  'Os.updateTo': { text: 'Take packages as they were on that day.', example: '2026-01-31' },
  'Os.pkgs': {
    text: 'Packages to install, with what they depend on.',
    example: [{ name: 'openssh-server' }],
  },
  'Os.windowsEdition': { text: 'Edition of Windows, for example Standard.' },
  'Os.windowsType': { text: 'Type of Windows: Core or Full.' },
  'Os.windowsLanguage': { text: 'Language of Windows.' },
  'Package.name': { text: 'Name of the package.', example: 'openssh-server' },
  'Package.fullName': { text: 'Full name of the package’s file; instead of `name`.' },
  'Package.version': { text: 'Version. Given with `release` and `arch`, it pins the package.' },
  'Package.release': { text: 'Release. Given with `version` and `arch`, it pins the package.' },
  'Package.arch': { text: 'Architecture. Given with `version` and `release`, it pins the package.' },
  'Installation.diskSize': {
    text: 'Size of the disk. Ignored when there is a `partitioning`.',
    unit: 'MB',
    example: 8192,
  },
  'Installation.swapSize': { text: 'Size of the swap space.', unit: 'MB', example: 1024 },
  'Installation.internetSettings': {
    text: 'How the network is set up: by DHCP (`basic`), asked at first boot, or as `nics` say (`configure`).',
    example: 'basic',
  },
  'Installation.nics': {
    text: 'Network cards.',
    example: [{ name: 'eth0', type: 'ETHERNET', order: 1, ipv4: 'dhcp' }],
  },
  'Installation.kernelParams': {
    text: 'Parameters of the kernel’s command line.',
    example: ['console=ttyS0'],
  },
  'Installation.keyboard': { text: 'Layout of the keyboard.', example: 'us' },
  'Installation.timezone': { text: 'Time zone, for example `Europe/London`.', example: 'Europe/London' },
  'Installation.partitioning': {
    text: 'How the disks are divided up, instead of one file system on `diskSize`.',
    example: { disks: [{ name: 'sda', type: 'msdos', size: 8192, partitions: [partition] }] },
  },
  'Installation.rootUser': {
    text: 'How root logs in.',
    example: { setPassword: true, password: 'change-me' },
  },
  'Installation.users': { text: 'Further users.', example: [{ name: 'admin', password: 'change-me' }] },
  'Installation.groups': { text: 'Further groups.', example: [{ name: 'admins' }] },
  'Installation.firewall': { text: 'Whether the firewall is on.', example: true },
  'Installation.welcomeMessage': { text: 'What is shown at first boot.' },
  'Installation.seLinuxMode': { text: 'Mode of SELinux.', example: 'enforcing' },
  'Installation.displayLicense': {
    text: 'Whether licences are shown at first boot; hammr’s samples say `displayLicenses`.',
  },
  'Installation.displayLicenses': { text: 'Whether licences are shown at first boot.' },
  'Installation.cloudInit': {
    text: 'Whether an image for a cloud has cloud-init, which takes keys, names and scripts of the cloud: it has unless this is false. Of the local forge.',
  },
  'Nic.name': { text: 'Name of the card, for example `eth0`.', example: 'eth0' },
  'Nic.type': { text: 'Kind of the card: `ETHERNET`.', example: 'ETHERNET' },
  'Nic.order': { text: 'Place of the card among the cards, from 1.', example: 1 },
  'Nic.autoConnect': { text: 'Whether the card is connected at boot.', example: true },
  'Nic.ipv4': { text: 'How the card gets its IPv4 address.', example: 'dhcp' },
  'Nic.ipv6': { text: 'How the card gets its IPv6 address.' },
  'Nic.ipAddresses': {
    text: 'Fixed addresses.',
    example: [{ version: '4', address: '192.0.2.10', netmask: '255.255.255.0' }],
  },
  'IpAddress.version': { text: '4 or 6.', example: '4' },
  'IpAddress.address': { text: 'The address.', example: '192.0.2.10' },
  'IpAddress.netmask': { text: 'The mask of the network.', example: '255.255.255.0' },
  'IpAddress.gateway': { text: 'The gateway.', example: '192.0.2.1' },
  'Partitioning.disks': {
    text: 'The disks. Some clouds take one only.',
    example: [{ name: 'sda', type: 'msdos', size: 8192, partitions: [partition] }],
  },
  'Partitioning.volumeGroups': {
    text: 'Groups of LVM volumes.',
    example: [{ name: 'vg0', physicalVolumes: [{ name: 'sda5' }] }],
  },
  'Partitioning.logicalVolumes': {
    text: 'Volumes of LVM.',
    example: [{ name: 'data', vg_name: 'vg0', size: 1024 }],
  },
  'Disk.name': { text: 'Name of the disk: `sda` to `sdf`.', example: 'sda' },
  'Disk.type': { text: 'Kind of its partition table; `gpt` is of the local forge only.', example: 'msdos' },
  'Disk.size': { text: 'Size of the disk.', unit: 'MB', example: 8192 },
  'Disk.partitions': {
    text: 'Its partitions: four primary ones at most, one of them `Extended`.',
    example: [partition],
  },
  'Partition.number': { text: 'Number of the partition, from 1.', example: 1 },
  'Partition.name': { text: 'Name of the partition. Local forge only, and part of no disk.' },
  'Partition.fstype': { text: 'File system.', example: 'ext4' },
  'Partition.size': { text: 'Size of the partition, at least 64.', unit: 'MB', example: 1024 },
  'Partition.mountPoint': { text: 'Where it is mounted.', example: '/data' },
  'Partition.grow': { text: 'Whether it takes the space that is left.', example: true },
  'Partition.label': { text: 'Label of the file system.' },
  'Partition.partitions': { text: 'Logical partitions of an `Extended` one.', example: [partition] },
  'VolumeGroup.name': { text: 'Name of the volume group.', example: 'vg0' },
  'VolumeGroup.physicalVolumes': {
    text: 'The partitions (`sda5`) and whole disks (`sdb`) it is made of.',
    example: [{ name: 'sda5' }],
  },
  'PhysicalVolume.name': { text: 'A partition of type `lvm2`, or a disk of type `LVM`.', example: 'sda5' },
  'LogicalVolume.name': { text: 'Name of the volume.', example: 'data' },
  'LogicalVolume.vg_name': { text: 'The volume group it is in.', example: 'vg0' },
  'LogicalVolume.fstype': { text: 'File system.', example: 'ext4' },
  'LogicalVolume.size': { text: 'Size of the volume.', unit: 'MB', example: 1024 },
  'LogicalVolume.mountPoint': { text: 'Where it is mounted.', example: '/data' },
  'LogicalVolume.grow': { text: 'Whether it takes the space that is left.', example: true },
  'LogicalVolume.label': { text: 'Label of the file system.' },
  'RootUser.setPassword': {
    text: 'Whether the password is set; asked at first boot otherwise.',
    example: true,
  },
  'RootUser.password': {
    text: 'root’s password. Readable for everybody who can read this file.',
    example: 'change-me',
  },
  'RootUser.encrypted': {
    text: 'Whether `password` is a crypt(3) hash, as `openssl passwd -6` makes it. Local forge only.',
    example: true,
  },
  'RootUser.disablePasswordLogin': { text: 'Whether root may log in by SSH key only.', example: true },
  'RootUser.sshKeys': { text: 'Public keys that may log in.', example: [sshKey] },
  'SshKey.name': { text: 'Name of the key.', example: 'me' },
  'SshKey.publicKey': { text: 'The public key, as in `~/.ssh/id_ed25519.pub`.', example: sshKey.publicKey },
  'User.name': { text: 'Login.', example: 'admin' },
  'User.fullName': { text: 'The person’s name.' },
  'User.password': {
    text: 'The password. Readable for everybody who can read this file.',
    example: 'change-me',
  },
  'User.primaryGroup': { text: 'The user’s own group; named like the user unless told.' },
  'User.secondaryGroups': { text: 'Further groups of the user, separated by commas.', example: 'sudo' },
  'User.encrypted': {
    text: 'Whether `password` is a crypt(3) hash, as `openssl passwd -6` makes it. Local forge only.',
    example: true,
  },
  'User.homeDir': { text: 'Home folder.', example: '/home/admin' },
  'User.shell': { text: 'Shell.', example: '/bin/bash' },
  'User.userId': { text: 'Number of the user.', example: 1000 },
  'User.systemUser': { text: 'Whether this is a user of the system, not a person.' },
  'User.disablePasswordLogin': { text: 'Whether the user may log in by SSH key only.' },
  'User.sshKeys': { text: 'Public keys that may log in.', example: [sshKey] },
  'Group.name': { text: 'Name of the group.', example: 'admins' },
  'Group.groupId': { text: 'Number of the group.', example: 1000 },
  'Group.systemGroup': { text: 'Whether this is a group of the system.' },
  'BootScript.name': { text: 'Name of the script, used once.', example: 'first-boot' },
  'BootScript.source': { text: 'The script: a file beside the template.', example: 'config/first-boot.sh' },
  'BootScript.type': { text: 'Always `bootscript`.', example: 'bootscript' },
  'BootScript.frequency': {
    text: 'Whether it runs at the first boot only or at every one. The local forge tries a first-boot script that fails at three boots.',
    example: 'firstboot',
  },
  'BootScript.order': {
    text: 'Place among the scripts, from 1. Of the same place, those of bundles run first, then as the list has them.',
    example: 1,
  },
  'BootScript.timeLimit': {
    text: 'Seconds after which the script is ended and has failed; 1800 unless given. Of the local forge.',
    example: 600,
  },
  'Bundle.name': { text: 'Name of the bundle.', example: 'app' },
  'Bundle.version': { text: 'Version of the bundle: a text, so quote it.', example: '1.0' },
  'Bundle.files': { text: 'The bundle’s files.', example: [file] },
  'Bundle.destination': { text: 'Folder in the image the files go to.', example: '/opt/app' },
  'Bundle.description': { text: 'What the bundle is for.' },
  'Bundle.license': { text: 'The bundle’s licence.', example: { name: 'LICENSE', source: 'LICENSE' } },
  'Bundle.shortTag': { text: 'Short name.' },
  'Bundle.category': { text: 'Category the server files it under.' },
  'Bundle.maintainer': { text: 'Who maintains it.' },
  'Bundle.website': { text: 'Its website.' },
  'Bundle.restrictionRule': {
    text: 'For which systems and formats it is meant, for example `Distribution#name=Debian && TargetFormat#type=cloud`. In all other images it is left out, with a warning in the ticket.',
  },
  'Bundle.sourceLogo': { text: 'Picture of the bundle, a file beside the template.' },
  'Bundle.oses': {
    text: 'The systems it is meant for, as exports of UForge 3.7 have them; `restrictionRule` says more.',
    example: [{ name: 'Debian', version: '12', arch: 'x86_64' }],
  },
  'BundleOs.name': { text: 'Name of the distribution.', example: 'Debian' },
  'BundleOs.version': { text: 'Major version of the distribution.', example: '12' },
  'BundleOs.arch': { text: 'Architecture.', example: 'x86_64' },
  'License.name': { text: 'Name of the licence’s file.', example: 'LICENSE' },
  'License.source': { text: 'The licence: a file beside the template, or a URL.', example: 'LICENSE' },
  'BundleFile.name': { text: 'Name of the file.', example: 'app' },
  'BundleFile.source': { text: 'The file or folder beside the template, or a URL.', example: 'app/' },
  'BundleFile.destination': {
    text: 'Folder in the image it goes to. What is below `/tmp` or `/run`, which boots empty, is there until the boot scripts have run.',
    example: '/opt/app',
  },
  'BundleFile.tag': { text: 'What kind of file it is.', example: 'softwarefile' },
  'BundleFile.bootOrder': { text: 'Place among the boot scripts, from 1.', example: 1 },
  'BundleFile.bootType': {
    text: 'Whether a boot script runs at the first boot only or at every one.',
    example: 'firstboot',
  },
  'BundleFile.timeLimit': {
    text: 'Seconds after which a boot script is ended and has failed; 1800 unless given. Of the local forge.',
    example: 600,
  },
  'BundleFile.ownerGroup': { text: 'Owner and group, for example `root:root`.', example: 'root:root' },
  'BundleFile.rights': {
    text: 'Rights in octal, for example `644`. Without them it is `755`, as in UForge, whatever the file has here; what is unpacked from an archive keeps its own.',
    example: '644',
  },
  'BundleFile.symlink': { text: 'Where a symbolic link to it is made.' },
  'BundleFile.extract': { text: 'Whether an archive is unpacked. Not together with `install`.' },
  'BundleFile.install': {
    text: 'Whether a `.deb` is installed (the default) or only put into the image. Not together with `extract`.',
  },
  'BundleFile.params': {
    text: 'Parameters: the file is run with them while the image is built. UForge does so on Windows only.',
  },
  'BundleFile.network': {
    text: 'Whether the file, run with `params`, may reach the web while the image is built: over HTTP and HTTPS through a proxy (`http_proxy`), and no address of the computer that builds or of a private network. Without it there is no network. Of the local forge.',
  },
  'BundleFile.md5sum': { text: 'MD5 sum of the file.' },
  'BundleFile.sha256sum': { text: 'SHA-256 sum of the file.' },
  'BundleFile.files': { text: 'Files in a folder that differ from the rest.', example: [file] },
  'Builder.type': { text: 'Target format: the name the server has for it.', example: 'VirtualBox' },
  'Builder.hardwareSettings': { text: 'The machine’s hardware.', example: { memory: 1024 } },
  'Builder.installation': {
    text: 'Sizes for this format, instead of the stack’s.',
    example: { diskSize: 8192 },
  },
  'Builder.account': {
    text: 'The cloud account images are published with.',
    example: { name: 'my-account' },
  },
  'Builder.entrypoint': { text: 'Command a container starts, in exec form.', example: ['/bin/sh'] },
  'Builder.disableRootLogin': { text: 'Amazon AWS: whether root can’t log in by password.' },
  'Builder.publicBaseBox': {
    text: 'Vagrant Base Box: whether Vagrant logs in as `vagrant` with the key everybody has.',
  },
  'Builder.osUser': { text: 'Vagrant Base Box: who Vagrant logs in as; `vagrant` unless said.' },
  'Builder.sshKey': {
    text: 'Vagrant Base Box: the public key of who logs in.',
    example: { publicKey: 'ssh-ed25519 …' },
  },
  'HardwareSettings.memory': { text: 'Memory.', unit: 'MB', example: 1024 },
  'HardwareSettings.hwType': { text: 'Version of VMware’s virtual hardware: 4, 7, 9 or 11.', example: '7' },
  'BuilderInstallation.diskSize': { text: 'Size of the disk.', unit: 'MB', example: 8192 },
  'BuilderInstallation.swapSize': { text: 'Size of the swap space.', unit: 'MB', example: 1024 },
  'BuilderAccount.name': { text: 'Name of a cloud account of yours on the server.' },
  'BuilderAccount.file': { text: 'File with the account’s credentials. Keep it out of the repository.' },
  'BuilderAccount.type': { text: 'The target platform the account is for.' },
};

/** What is known of a key in a row of the table. */
export function templateDoc(row: string, key: string): TemplateKeyDoc | undefined {
  const name = `${row}.${key}`;
  return Object.hasOwn(templateDocs, name) ? templateDocs[name] : undefined;
}
