import type { Installation, Template } from '../../appliance/template.ts';
import type { Image, InstallProfile } from '../../uforge/dto.ts';
import { debianRelease } from './debian.ts';
import { imageFormatOf, targetFormats } from './formats/index.ts';
import { rootUserOf, sizesOf } from './plan.ts';

/** What the forge would not do: `problems` would make a wrong image, `warnings` are harmless. Each names its field. */
export interface Buildable {
  readonly problems: string[];
  readonly warnings: string[];
}

const packageName = /^[a-z0-9][a-z0-9+.-]*$/;
const packageVersion = /^[A-Za-z0-9.+:~-]+$/;
/** MB. The upper limit is what an MBR partition table can address. */
const diskLimits = { least: 512, most: 2 ** 21 - 1 };

/** Names everything in a template and a request that the local forge does not honour; nothing is dropped in silence. */
export function checkBuildable({ template, image }: { template: Template; image: Image }): Buildable {
  const found: Buildable = { problems: [], warnings: [] };
  const { stack } = template;
  checkOs(template, found);
  checkInstallation(stack.installation ?? {}, found);
  checkRequest(image, found);
  checkSizes(template, image, found);
  if ((stack.bundles?.length ?? 0) > 0) {
    found.problems.push('stack.bundles: the local forge does not install bundles');
  }
  if (stack.source_logo !== undefined) found.warnings.push('stack.source_logo is not part of the image');
  const orders = (stack.config ?? []).filter((script) => script.name.trim() === '');
  if (orders.length > 0) found.problems.push('stack.config: a script has an empty name');

  const root = rootUserOf(stack.installation?.rootUser, image);
  if (root.password === undefined && root.sshKeys.length === 0) {
    found.warnings.push('no root password and no SSH key: nobody can log in');
  }
  if (root.password !== undefined && /[\r\n]/.test(root.password)) {
    found.problems.push('rootUser.password contains a line break');
  }
  return found;
}

function checkOs(template: Template, { problems, warnings }: Buildable): void {
  const { os } = template.stack;
  const release = debianRelease(os);
  if (typeof release === 'string') problems.push(release);
  if (os.updateTo !== undefined)
    problems.push('stack.os.updateTo: the local forge installs the newest packages');
  if (os.profile !== undefined && os.profile.toLowerCase() !== 'minimal') {
    warnings.push(`stack.os.profile “${os.profile}” is built as Minimal`);
  }
  os.pkgs?.forEach((pkg, index) => {
    const at = `stack.os.pkgs[${index}]`;
    const name = pkg.name ?? pkg.fullName ?? '';
    const version = [pkg.version, pkg.release].filter((part) => part !== undefined).join('-');
    if (!packageName.test(name)) problems.push(`${at}: “${name}” is not the name of a Debian package`);
    if (version !== '' && !packageVersion.test(version)) {
      problems.push(`${at}: “${version}” is not a Debian version`);
    }
    if (pkg.release !== undefined && pkg.version === undefined) {
      problems.push(`${at}: release without version`);
    }
    if (pkg.arch !== undefined && !['amd64', 'x86_64', 'all', 'noarch'].includes(pkg.arch)) {
      problems.push(`${at}: architecture “${pkg.arch}” (only amd64 and all)`);
    }
  });
}

function checkInstallation(installation: Installation, { problems, warnings }: Buildable): void {
  const at = (key: string): string => `stack.installation.${key}`;
  if (installation.partitioning !== undefined) {
    problems.push(
      `${at('partitioning')}: the local forge makes one root partition; give diskSize and swapSize`,
    );
  }
  if ((installation.users?.length ?? 0) > 0) problems.push(`${at('users')}: only the root user is set up`);
  if ((installation.groups?.length ?? 0) > 0) problems.push(`${at('groups')} is not supported`);
  const network = installation.internetSettings?.toLowerCase();
  if (network === 'ask' || network === 'configure') {
    problems.push(`${at('internetSettings')} “${network}”: only basic (DHCP)`);
  }
  const byDhcp = (installation.nics ?? []).every(
    (nic) => nic.ipv4?.toLowerCase() !== 'static' && nic.ipv4 !== 'disabled' && nic.autoConnect !== false,
  );
  if (!byDhcp) problems.push(`${at('nics')}: only DHCP on every network card`);
  if (installation.firewall === true) problems.push(`${at('firewall')}: no firewall is set up`);
  if (installation.seLinuxMode !== undefined && installation.seLinuxMode.toLowerCase() !== 'disabled') {
    problems.push(`${at('seLinuxMode')} “${installation.seLinuxMode}”: Debian comes without SELinux`);
  }
  if (installation.keyboard !== undefined && installation.keyboard !== 'us') {
    warnings.push(`${at('keyboard')} “${installation.keyboard}”: the console keeps the US layout`);
  }
  if (installation.displayLicense === true || installation.displayLicenses === true) {
    warnings.push(`${at('displayLicenses')}: no licence is shown at the first boot`);
  }
  if (installation.timezone !== undefined && !isTimezone(installation.timezone)) {
    problems.push(`${at('timezone')} “${installation.timezone}” is not a time zone`);
  }
  for (const parameter of installation.kernelParams ?? []) {
    if (!/^[\w.,:=/+@%-]+$/.test(parameter)) {
      problems.push(`${at('kernelParams')} “${parameter}”: one parameter without blanks or quotes each`);
    }
  }
}

/** Fields of the request's install profile that are read, or that say nothing to a build. */
const readProfileFields: ReadonlySet<string> = new Set<keyof InstallProfile>([
  'diskSize',
  'memorySize',
  'swapSize',
  'rootUser',
  'partitionAuto',
  'skipLicenses',
  'internetSettingsAuto',
  'keyboardAuto',
  'timezoneAuto',
  'firewallAuto',
  'applianceUri',
  'uri',
  'created',
  'dbId',
  'digest',
  'lastModified',
  '$type',
]);

const wrongWithoutProfileFields: ReadonlySet<string> = new Set<keyof InstallProfile>([
  'partitionTable',
  'users',
  'groups',
  'nics',
  'kernelParameters',
  'timezone',
]);

function checkRequest(image: Image, { problems, warnings }: Buildable): void {
  const formatName = image.targetFormat?.name;
  if (imageFormatOf(formatName) === undefined) {
    const known = targetFormats.map((format) => format.name).join(', ');
    problems.push(
      formatName === undefined
        ? `targetFormat/name is missing; the local forge builds ${known}`
        : `targetFormat “${formatName}”; the local forge builds ${known}`,
    );
  }
  for (const [field, value] of Object.entries(image.installProfile ?? {})) {
    if (value === undefined || readProfileFields.has(field)) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    const isHarmless =
      (field === 'firewallEnabled' || field === 'updateTools' || field === 'runSysprep') && value === false;
    if (isHarmless || (field === 'seLinuxMode' && value === 'disabled')) continue;
    const isWrong =
      wrongWithoutProfileFields.has(field) || field === 'firewallEnabled' || field === 'seLinuxMode';
    (isWrong ? problems : warnings).push(`installProfile/${field} is not honoured`);
  }
  if (image.installProfile?.rootUser?.encrypted === true) {
    problems.push('installProfile/rootUser/encrypted: give the password itself');
  }
  if (image.entrypoint !== undefined) problems.push('entrypoint is for containers only');
  if (image.ebs === true) warnings.push('ebs is for Amazon AWS only');
  if (image.updateTools === true) warnings.push('updateTools is not honoured');
  if (image.credAccount !== undefined) warnings.push('credAccount is not used for a generation');
}

function checkSizes(template: Template, image: Image, { problems, warnings }: Buildable): void {
  const { diskSize, swapSize, memorySize } = sizesOf(template, image);
  const builder = template.builders?.find((candidate) => candidate.type === image.targetFormat?.name);
  if (builder?.hardwareSettings?.hwType !== undefined) {
    warnings.push('hardwareSettings.hwType is for VMware formats only');
  }
  if (diskSize !== undefined && (diskSize < diskLimits.least || diskSize > diskLimits.most)) {
    problems.push(`diskSize ${diskSize} MB: between ${diskLimits.least} and ${diskLimits.most} MB`);
  }
  if (swapSize !== undefined && swapSize >= (diskSize ?? Infinity)) {
    problems.push(`swapSize ${swapSize} MB does not fit into diskSize ${diskSize ?? 0} MB`);
  }
  if (memorySize !== undefined && (memorySize < 64 || memorySize > 2 ** 20)) {
    problems.push(`memorySize ${memorySize} MB: between 64 and ${2 ** 20} MB`);
  }
}

function isTimezone(name: string): boolean {
  try {
    return (
      /^[A-Za-z0-9_+/-]+$/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format() !== ''
    );
  } catch {
    return false;
  }
}
