import type { Installation, User } from '../../appliance/template/model/template.ts';
import { secondaryGroupsOf } from '../../appliance/template/rules/accounts.ts';
import type { InstallProfile } from '../../uforge/dto.ts';
import { hashPasswords } from './passwords.ts';

/** An account of the appliance, complete. */
export interface PlannedUser {
  readonly name: string;
  readonly fullName: string;
  readonly id: number | undefined;
  readonly isSystem: boolean;
  /** Made when it isn't there; undefined: one of the user's own name. */
  readonly primaryGroup: string | undefined;
  /** They must be there. */
  readonly secondaryGroups: readonly string[];
  /** undefined: where Debian puts it. */
  readonly home: string | undefined;
  readonly shell: string;
  /** As in /etc/shadow; undefined: no password opens it. */
  readonly passwordHash: string | undefined;
  readonly sshKeys: readonly string[];
  /** `sudo` asks for no password. */
  readonly sudoWithoutPassword: boolean;
}

interface PlannedGroup {
  readonly name: string;
  readonly id: number | undefined;
  readonly isSystem: boolean;
}

export interface PlannedRoot {
  /** As in /etc/shadow; undefined: no password opens it. */
  readonly passwordHash: string | undefined;
  /** Neither given nor forbidden: a person chooses one at the first boot. */
  readonly isAsked: boolean;
  readonly sshKeys: readonly string[];
}

export interface PlannedAccounts {
  readonly root: PlannedRoot;
  readonly users: readonly PlannedUser[];
  readonly groups: readonly PlannedGroup[];
}

/** Passwords leave the plan as hashes only: neither a file of the build nor the cache ever sees one. */
export async function planAccounts(
  installation: Installation,
  seed: string,
  requested: InstallProfile['users'] = [],
): Promise<PlannedAccounts> {
  const { rootUser = {}, users = [], groups = [] } = installation;
  const hashes = await hashesOf([{ ...rootUser, name: 'root' }, ...users], seed);
  // “0: no sudo, 1: sudo, 2: sudo without password” (schema, osUser/sudo).
  const sudoOf = ({ name, sudo }: User): number =>
    requested.find((each) => each.name === name)?.sudo ??
    (sudo === undefined ? 0 : sudo === 'password' ? 1 : 2);
  return {
    root: planRoot(installation, hashes.get('root')),
    users: users.map((user) => ({
      name: user.name,
      fullName: user.fullName ?? '',
      id: user.userId,
      isSystem: user.systemUser ?? false,
      primaryGroup: user.primaryGroup,
      secondaryGroups: [...new Set([...secondaryGroupsOf(user), ...(sudoOf(user) > 0 ? ['sudo'] : [])])],
      home: user.homeDir,
      shell: user.shell ?? (user.systemUser === true ? '/usr/sbin/nologin' : '/bin/bash'),
      passwordHash: hashes.get(user.name),
      sshKeys: (user.sshKeys ?? []).map(({ publicKey }) => publicKey.trim()),
      sudoWithoutPassword: sudoOf(user) === 2,
    })),
    groups: groups.map(({ name, groupId, systemGroup }) => ({
      name,
      id: groupId,
      isSystem: systemGroup ?? false,
    })),
  };
}

interface Account {
  readonly name: string;
  readonly password?: string;
  readonly encrypted?: boolean;
  readonly disablePasswordLogin?: boolean;
}

/** Hashes by the name of the account; those that no password opens have none. */
async function hashesOf(accounts: readonly Account[], seed: string): Promise<ReadonlyMap<string, string>> {
  const opened = accounts.flatMap(({ name, password, encrypted, disablePasswordLogin }) =>
    password === undefined || disablePasswordLogin === true ? [] : [{ name, password, encrypted }],
  );
  const plain = opened.filter(({ encrypted }) => encrypted !== true);
  const hashed = await hashPasswords(plain.map(({ name, password }) => ({ password, whose: [seed, name] })));
  return new Map([
    ...opened.map(({ name, password }) => [name, password] as const),
    ...plain.map(({ name }, index) => [name, hashed[index] ?? '!'] as const),
  ]);
}

function planRoot(installation: Installation, hash: string | undefined): PlannedRoot {
  const sshKeys = (installation.rootUser?.sshKeys ?? []).map(({ publicKey }) => publicKey.trim());
  const isAsked = isRootAsked(installation);
  return { passwordHash: isAsked ? undefined : hash, isAsked, sshKeys };
}

/** “If no root user information is provided, … the root user password is prompted” (hammr, stack-installation-rootuser). */
export function isRootAsked({ rootUser = {} }: Installation): boolean {
  const { disablePasswordLogin, setPassword, password, sshKeys = [] } = rootUser;
  if (disablePasswordLogin === true) return false;
  return (
    setPassword === false || (password === undefined && setPassword === undefined && sshKeys.length === 0)
  );
}

/** Whether a password or a key opens any account. */
export function canAnybodyLogIn({ rootUser = {}, users = [] }: Installation): boolean {
  return [rootUser, ...users].some(
    ({ password, disablePasswordLogin, sshKeys = [] }) =>
      sshKeys.length > 0 || (password !== undefined && disablePasswordLogin !== true),
  );
}
