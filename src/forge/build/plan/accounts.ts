import type { Installation } from '../../../appliance/template.ts';
import { secondaryGroupsOf } from '../../../appliance/accountRules.ts';
import type { InstallProfile } from '../../../uforge/dto.ts';
import { hashPassword } from './passwords.ts';

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

export interface PlannedGroup {
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
export function planAccounts(
  installation: Installation,
  seed: string,
  requested: InstallProfile['users'] = [],
): PlannedAccounts {
  const { users = [], groups = [] } = installation;
  const hash = (name: string, { password, encrypted, disablePasswordLogin }: Secret): string | undefined => {
    if (password === undefined || disablePasswordLogin === true) return undefined;
    return encrypted === true ? password : hashPassword(password, seed, name);
  };
  // “0: no sudo, 1: sudo, 2: sudo without password” (schema, osUser/sudo): only a request can say so.
  const sudoOf = (name: string): number => requested.find((each) => each.name === name)?.sudo ?? 0;
  return {
    root: planRoot(installation, (root) => hash('root', root)),
    users: users.map((user) => ({
      name: user.name,
      fullName: user.fullName ?? '',
      id: user.userId,
      isSystem: user.systemUser ?? false,
      primaryGroup: user.primaryGroup,
      secondaryGroups: [...new Set([...secondaryGroupsOf(user), ...(sudoOf(user.name) > 0 ? ['sudo'] : [])])],
      home: user.homeDir,
      shell: user.shell ?? (user.systemUser === true ? '/usr/sbin/nologin' : '/bin/bash'),
      passwordHash: hash(user.name, user),
      sshKeys: (user.sshKeys ?? []).map(({ publicKey }) => publicKey.trim()),
      sudoWithoutPassword: sudoOf(user.name) === 2,
    })),
    groups: groups.map(({ name, groupId, systemGroup }) => ({
      name,
      id: groupId,
      isSystem: systemGroup ?? false,
    })),
  };
}

interface Secret {
  readonly password?: string;
  readonly encrypted?: boolean;
  readonly disablePasswordLogin?: boolean;
}

/** “If no root user information is provided, … the root user password is prompted” (hammr, stack-installation-rootuser). */
function planRoot({ rootUser }: Installation, hash: (root: Secret) => string | undefined): PlannedRoot {
  const sshKeys = (rootUser?.sshKeys ?? []).map(({ publicKey }) => publicKey.trim());
  if (rootUser?.disablePasswordLogin === true) return { passwordHash: undefined, isAsked: false, sshKeys };
  const isAsked =
    rootUser?.setPassword === false ||
    (rootUser?.password === undefined && rootUser?.setPassword === undefined && sshKeys.length === 0);
  return { passwordHash: isAsked ? undefined : hash(rootUser ?? {}), isAsked, sshKeys };
}
