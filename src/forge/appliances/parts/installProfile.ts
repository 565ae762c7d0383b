import { isDeepStrictEqual } from 'node:util';
import { keyboardNamed } from '../../../appliance/catalog/keyboards.ts';
import { parseKernelParameters, printKernelParameters } from '../../../appliance/catalog/kernelParameters.ts';
import type { Installation, Template } from '../../../appliance/template/model/template.ts';
import type { InstallProfile } from '../../../uforge/dto.ts';
import { fromMegabytes, megabytesOf } from '../../../uforge/units.ts';
import type { InstallUris } from '../../api/answers/installUris.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import {
  changed,
  changedList,
  changedText,
  compact,
  named,
  readMegabytes,
  refuseOthers,
  unlessEmpty,
  valueOf,
  type Problems,
} from './dtoFields.ts';
import { automaticPartitioning } from './automaticDisks.ts';
import { idOfNic, nicOf, readNic } from './nics.ts';
import { partitionTableOf, readPartitionTable } from './partitionTable.ts';
import { withInstallation } from './stack.ts';
import {
  groupOf,
  idOfGroup,
  idOfUser,
  readGroup,
  readRootUser,
  readUser,
  rootUserOf,
  userOf,
} from './users.ts';

/**
 * `stack.installation` as an `installProfile`. Each `…Auto` says whether a template has the setting: what it
 * lacks UForge asks for when an instance starts.
 */
export function installProfileOf(
  installation: Installation,
  uris: InstallUris,
  applianceUri: string,
): InstallProfile {
  const { nics, users, groups, partitioning, rootUser } = installation;
  return compact<InstallProfile>({
    dbId: uris.id,
    applianceUri,
    diskSize: sizeOf('diskSize', installation.diskSize),
    firewallAuto: installation.firewall !== undefined,
    firewallEnabled: installation.firewall,
    groups: groups?.map((group) => groupOf(group, `${uris.groups}/${idOfGroup(group)}`)),
    groupsUri: uris.groups,
    internetSettingsAuto: installation.internetSettings !== 'ask',
    kernelParameters: installation.kernelParams && printKernelParameters(installation.kernelParams),
    keyboard: keyboardNamed(installation.keyboard),
    keyboardAuto: installation.keyboard !== undefined,
    nics: nics?.map((nic, index) => nicOf(nic, index, `${uris.nics}/${idOfNic(nic, index)}`)),
    nicsUri: uris.nics,
    partitionAuto: true,
    partitionTable: partitionTableOf(partitioning ?? automaticPartitioning(installation), uris),
    rootUser: rootUser && rootUserOf(rootUser),
    skipLicenses: !(installation.displayLicenses ?? installation.displayLicense ?? false),
    swapSize: sizeOf('swapSize', installation.swapSize),
    timezone: installation.timezone,
    timezoneAuto: installation.timezone !== undefined,
    uri: uris.profile,
    users: users?.map((user) => userOf(user, `${uris.users}/${idOfUser(user)}`)),
    usersUri: uris.users,
    welcomeMsg: installation.welcomeMessage,
    seLinuxMode: installation.seLinuxMode,
  });
}

const known = [
  ...[
    'diskSize',
    'swapSize',
    'firewallAuto',
    'firewallEnabled',
    'groups',
    'internetSettingsAuto',
    'kernelParameters',
  ],
  ...[
    'keyboard',
    'keyboardAuto',
    'nics',
    'partitionAuto',
    'partitionTable',
    'rootUser',
    'skipLicenses',
    'timezone',
  ],
  ...['timezoneAuto', 'users', 'welcomeMsg', 'seLinuxMode', 'memorySize', 'hwType'],
];

/** @returns the new `stack.installation`, or undefined when nothing is left of it */
export function readInstallProfile(
  dto: InstallProfile,
  kept: Installation = {},
  problems: Problems,
): Installation | undefined {
  const path = 'installProfile';
  refuseOthers(dto, path, known, problems);
  const ofImage = { memorySize: dto.memorySize, hwType: dto.hwType };
  refuseOthers(
    ofImage,
    path,
    [],
    problems,
    sentence`it belongs to the request for an image (machineImage_generate)`,
  );
  if (dto.partitionAuto === false) {
    problems.push(
      sentence`${path}/partitionAuto: the forge can't ask for partitions when an instance starts`,
    );
  }
  const nics = readNics(dto.nics, kept.nics, `${path}/nics`, problems);
  const sizes = {
    diskSize: readSize(dto, kept, 'diskSize', problems),
    swapSize: readSize(dto, kept, 'swapSize', problems),
  };
  const installation = compact<Installation>({
    ...kept,
    ...sizes,
    internetSettings: internetSettingsOf(dto, kept, nics),
    nics,
    kernelParams: changed(
      dto.kernelParameters,
      kept.kernelParams,
      kept.kernelParams && printKernelParameters(kept.kernelParams),
      parseKernelParameters,
    ),
    keyboard: dto.keyboardAuto === false ? undefined : readKeyboard(dto.keyboard, kept.keyboard, problems),
    timezone: dto.timezoneAuto === false ? undefined : changedText(dto.timezone, kept.timezone),
    partitioning: readPartitioning(dto, kept, compact<Installation>(sizes), problems),
    rootUser:
      dto.rootUser === undefined
        ? kept.rootUser
        : readRootUser(dto.rootUser, kept.rootUser, `${path}/rootUser`, problems),
    users: changedList(dto.users, kept.users, (user, index) =>
      readUser(user, named(kept.users, user), `${path}/users[${index}]`, problems),
    ),
    groups: changedList(dto.groups, kept.groups, (group, index) =>
      readGroup(group, named(kept.groups, group), `${path}/groups[${index}]`, problems),
    ),
    firewall: dto.firewallAuto === false ? undefined : (dto.firewallEnabled ?? kept.firewall),
    welcomeMessage: changedText(dto.welcomeMsg, kept.welcomeMessage),
    seLinuxMode: changed(dto.seLinuxMode, kept.seLinuxMode, kept.seLinuxMode, (text) => {
      const mode = valueOf(['disabled', 'permissive', 'enforcing'] as const, text);
      if (mode === undefined)
        problems.push(sentence`${path}/seLinuxMode: “${text}” is none of disabled, permissive, enforcing`);
      return mode;
    }),
    ...licensesOf(dto, kept),
  });
  return Object.keys(installation).length === 0 ? undefined : installation;
}

/** The list of network cards; each is known by its name, or by its order when it has none. */
export function readNics(
  dtos: InstallProfile['nics'],
  kept: Installation['nics'],
  path: string,
  problems: Problems,
): Installation['nics'] {
  if (dtos === undefined) return kept;
  if (dtos.length === 0) return undefined;
  const before = (kept ?? []).map((nic, index) => ({ nic, index }));
  const nics = dtos.map((dto, place) => {
    const matching = before.find(({ nic, index }) =>
      dto.name === undefined
        ? nic.name === undefined && nicOf(nic, index, '').order === dto.order
        : nic.name === dto.name,
    );
    return readNic(dto, matching, `${path}[${place}]`, problems);
  });
  const inOrder = nics.every((nic, index) => nicOf(nic, index, '').order === dtos[index]?.order);
  // Cards without an order have that of the list: when the list is another one they need their own.
  return inOrder ? nics : nics.map((nic, index) => ({ ...nic, order: dtos[index]?.order ?? index + 1 }));
}

/**
 * The template with other network cards, which only count with `configure`; and `configure` is nothing
 * without them.
 */
export function withNics(template: Template, nics: NonNullable<Installation['nics']>): Template {
  const before = template.stack.installation ?? {};
  const after = unlessEmpty(nics);
  return withInstallation(template, {
    nics: after,
    internetSettings: internetSettingsOf({}, before, after),
  });
}

/** An automatic partitioning that comes back as it was shown, or as it is with the sizes beside it, stays one. */
function readPartitioning(
  { partitionTable }: InstallProfile,
  kept: Installation,
  sizes: Installation,
  problems: Problems,
): Installation['partitioning'] {
  if (partitionTable === undefined) return kept.partitioning;
  const place = 'installProfile/partitionTable';
  if (kept.partitioning === undefined) {
    const shown = [kept, sizes].map(automaticPartitioning);
    if (shown.some((each) => isDeepStrictEqual(readPartitionTable(partitionTable, each, place, []), each)))
      return undefined;
  }
  return readPartitionTable(partitionTable, kept.partitioning, place, problems);
}

function internetSettingsOf(
  { internetSettingsAuto }: Pick<InstallProfile, 'internetSettingsAuto'>,
  { internetSettings, nics: before }: Installation,
  nics: Installation['nics'],
): Installation['internetSettings'] {
  if (internetSettingsAuto === false) return 'ask';
  const isAsked = internetSettings === 'ask' && internetSettingsAuto !== true;
  if (isAsked || (internetSettings !== 'ask' && sameCards(nics, before))) return internetSettings;
  if (nics !== undefined) return 'configure';
  return internetSettings === 'configure' || internetSettings === 'ask' ? 'basic' : internetSettings;
}

function sameCards(a: Installation['nics'], b: Installation['nics']): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}

function readKeyboard(
  asked: string | undefined,
  kept: string | undefined,
  problems: Problems,
): string | undefined {
  return changed(asked, kept, keyboardNamed(kept), (text) => {
    const keyboard = keyboardNamed(text);
    if (keyboard === undefined)
      problems.push(sentence`installProfile/keyboard: UForge has no keyboard “${text}”`);
    return keyboard;
  });
}

function licensesOf(
  { skipLicenses }: InstallProfile,
  { displayLicense, displayLicenses }: Installation,
): { displayLicense: boolean | undefined; displayLicenses: boolean | undefined } {
  const shown = displayLicenses ?? displayLicense ?? false;
  if (skipLicenses === undefined || skipLicenses === !shown) return { displayLicense, displayLicenses };
  return { displayLicense: undefined, displayLicenses: !skipLicenses };
}

function readSize(
  dto: InstallProfile,
  kept: Installation,
  field: 'diskSize' | 'swapSize',
  problems: Problems,
): number | undefined {
  const size = dto[field];
  if (size === undefined) return kept[field];
  return readMegabytes(
    size,
    (each) => megabytesOf('InstallProfile', field, each),
    `installProfile/${field}`,
    problems,
  );
}

function sizeOf(field: 'diskSize' | 'swapSize', size: number | undefined): number | undefined {
  return size === undefined ? undefined : fromMegabytes('InstallProfile', field, size);
}
