import type { RootUser } from '../../../appliance/template/model/template.ts';
import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import {
  changed,
  changedList,
  changedText,
  compact,
  idOfName,
  readWhole,
  refuseOthers,
  type Problems,
} from './dtoFields.ts';

type User = TemplateObject<'User'>;
type Group = TemplateObject<'Group'>;
type SshKey = TemplateObject<'SshKey'>;
export type OsUser = Dto<'OSUser'>;
export type OsGroup = Dto<'OSGroup'>;

export const idOfUser = ({ name }: { readonly name: string }): number => idOfName('user', name);
export const idOfGroup = ({ name }: { readonly name: string }): number => idOfName('group', name);

/** `stack.installation.rootUser` as an `osUser`. Passwords go in and never come out again. */
export function rootUserOf(root: RootUser): OsUser {
  return compact<OsUser>({
    disablePasswordLogin: root.disablePasswordLogin,
    name: 'root',
    passwordAuto: root.setPassword ?? root.password !== undefined,
    sshKeys: root.sshKeys?.map(keyOf),
    encrypted: encryptedOf(root),
  });
}

export function readRootUser(
  dto: OsUser,
  kept: RootUser = {},
  path: string,
  problems: Problems,
): RootUser | undefined {
  const known = [
    'disablePasswordLogin',
    'password',
    'passwordAuto',
    'sshKeys',
    'encrypted',
    'name',
    'fullName',
  ];
  refuseOthers(dto, path, [...known, 'primaryGroupAuto', 'userIdAuto'], problems, sentence`root has its own`);
  for (const field of ['name', 'fullName'] as const) {
    const value = dto[field];
    if (value !== undefined && value !== 'root')
      problems.push(sentence`${path}/${field}: root is called root`);
  }
  const shown = rootUserOf(kept);
  const root = compact<RootUser>({
    ...kept,
    setPassword: changed(dto.passwordAuto, kept.setPassword, shown.passwordAuto, (asked) => asked),
    password: changedText(dto.password, kept.password),
    disablePasswordLogin: dto.disablePasswordLogin ?? kept.disablePasswordLogin,
    sshKeys: readKeys(dto, kept.sshKeys, path, problems),
    ...readEncrypted(dto, kept),
  });
  return Object.keys(root).length === 0 ? undefined : root;
}

export function userOf(user: User, uri: string): OsUser {
  return compact<OsUser>({
    dbId: idOfUser(user),
    disablePasswordLogin: user.disablePasswordLogin,
    encrypted: encryptedOf(user),
    fullName: user.fullName,
    homeDir: user.homeDir,
    name: user.name,
    passwordAuto: user.password !== undefined,
    primaryGroup: user.primaryGroup,
    primaryGroupAuto: user.primaryGroup === undefined,
    secondaryGroups: user.secondaryGroups,
    shell: user.shell,
    sshKeys: user.sshKeys?.map(keyOf),
    systemUser: user.systemUser,
    uri,
    userId: user.userId?.toString(),
    userIdAuto: user.userId === undefined,
  });
}

export function readUser(
  dto: OsUser,
  kept: User | undefined,
  path: string,
  problems: Problems,
): User | undefined {
  const known = [
    'disablePasswordLogin',
    'encrypted',
    'fullName',
    'homeDir',
    'name',
    'password',
    'passwordAuto',
  ];
  const more = ['primaryGroup', 'primaryGroupAuto', 'secondaryGroups', 'shell', 'sshKeys', 'systemUser'];
  refuseOthers(dto, path, [...known, ...more, 'userId', 'userIdAuto'], problems);
  const name = nameOf(dto, kept, path, problems);
  if (name === undefined) return undefined;
  const password =
    dto.passwordAuto === false && dto.password === undefined
      ? undefined
      : changedText(dto.password, kept?.password);
  if (dto.passwordAuto === true && password === undefined) {
    problems.push(sentence`${path}/passwordAuto: there is no password to set`);
  }
  const userId =
    dto.userIdAuto === true ? undefined : readId(dto.userId, kept?.userId, `${path}/userId`, problems);
  const primary =
    dto.primaryGroupAuto === true ? undefined : changedText(dto.primaryGroup, kept?.primaryGroup);
  return compact<User>({
    ...kept,
    name,
    fullName: changedText(dto.fullName, kept?.fullName),
    password,
    primaryGroup: primary,
    homeDir: changedText(dto.homeDir, kept?.homeDir),
    secondaryGroups: changedText(dto.secondaryGroups, kept?.secondaryGroups),
    shell: changedText(dto.shell, kept?.shell),
    userId,
    systemUser: dto.systemUser ?? kept?.systemUser,
    disablePasswordLogin: dto.disablePasswordLogin ?? kept?.disablePasswordLogin,
    sshKeys: readKeys(dto, kept?.sshKeys, path, problems),
    ...readEncrypted(dto, kept ?? {}),
  });
}

export function groupOf(group: Group, uri: string): OsGroup {
  return compact<OsGroup>({
    dbId: idOfGroup(group),
    groupId: group.groupId?.toString(),
    groupIdAuto: group.groupId === undefined,
    name: group.name,
    systemGroup: group.systemGroup,
    uri,
  });
}

export function readGroup(
  dto: OsGroup,
  kept: Group | undefined,
  path: string,
  problems: Problems,
): Group | undefined {
  refuseOthers(dto, path, ['groupId', 'groupIdAuto', 'name', 'systemGroup'], problems);
  // Linux has none with blanks, but the documentation's sample has.
  const name = nameOf(dto, kept, path, problems)?.trim().replace(/\s+/g, '_');
  if (name === undefined) return undefined;
  const groupId =
    dto.groupIdAuto === true ? undefined : readId(dto.groupId, kept?.groupId, `${path}/groupId`, problems);
  return compact<Group>({ ...kept, name, groupId, systemGroup: dto.systemGroup ?? kept?.systemGroup });
}

function nameOf(
  dto: { readonly name?: string | undefined },
  kept: { readonly name: string } | undefined,
  path: string,
  problems: Problems,
): string | undefined {
  const name = dto.name ?? kept?.name;
  if (name !== undefined && name !== '') return name;
  problems.push(sentence`${path}/name is missing`);
  return undefined;
}

function readId(
  asked: string | undefined,
  kept: number | undefined,
  path: string,
  problems: Problems,
): number | undefined {
  return changed(asked, kept, kept?.toString(), (text) => readWhole(text, path, problems));
}

function keyOf({ name, publicKey }: SshKey): Dto<'SSHKey'> {
  return { ...(name !== undefined && { name }), publicKey };
}

function readKeys(
  { sshKeys }: OsUser,
  kept: readonly SshKey[] | undefined,
  path: string,
  problems: Problems,
): readonly SshKey[] | undefined {
  return changedList(sshKeys, kept, ({ name, publicKey }, index): SshKey | undefined => {
    if (publicKey !== undefined && publicKey !== '')
      return { ...(name !== undefined && name !== '' && { name }), publicKey };
    problems.push(sentence`${path}/sshKeys[${index}]/publicKey is missing`);
    return undefined;
  });
}

function encryptedOf(user: { readonly encrypted?: boolean }): true | undefined {
  return user.encrypted === true ? true : undefined;
}

/** A new password is plain unless it says that it isn't. */
function readEncrypted(dto: OsUser, kept: { readonly encrypted?: boolean }): { encrypted: true | undefined } {
  const isNew = dto.password !== undefined && dto.password !== '';
  return { encrypted: (dto.encrypted ?? (isNew ? false : encryptedOf(kept))) === true ? true : undefined };
}
