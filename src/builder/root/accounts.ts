import type { PlannedUser } from '../plan/accounts.ts';
import type { Plan } from '../plan/plan.ts';
import type { RootFile } from './bootScripts.ts';
import { tableFile, textFile, type RootOption } from './part.ts';

/**
 * Runs inside the root, with `/run/setup` from `accountFiles`: groups first, then users with their keys, then the
 * passwords, which are hashes by now.
 */
export const accountsScript = `
separator=$'\\x1f'
while IFS="$separator" read -r name id system; do
  options=()
  [ -z "$id" ] || options+=(--gid "$id")
  [ -z "$system" ] || options+=(--system)
  if getent group "$name" > /dev/null; then
    [ -z "$id" ] || groupmod --gid "$id" "$name"
  else
    groupadd "\${options[@]}" "$name"
  fi
done < /run/setup/groups

while IFS="$separator" read -r name id system group groups home shell full; do
  options=(--comment "$full" --shell "$shell" --create-home)
  [ -z "$id" ] || options+=(--uid "$id")
  [ -z "$system" ] || options+=(--system)
  [ -z "$home" ] || options+=(--home-dir "$home")
  if [ -z "$group" ]; then group="$name"; fi
  getent group "$group" > /dev/null || groupadd \${system:+--system} "$group"
  options+=(--gid "$group")
  for each in \${groups//,/ }; do
    # As hammr's own example has it. A slip of the pen makes a group as well, so it is said.
    getent group "$each" > /dev/null || {
      echo "W: No package has made the group $each, which $name is to be in: it is made, and may do nothing."
      groupadd "$each"
    }
  done
  [ -z "$groups" ] || options+=(--groups "$groups")
  [ -x "$shell" ] || {
    echo "E: The user $name can't have the shell $shell: no package brings it." >&2
    exit 1
  }
  if getent passwd "$name" > /dev/null; then
    echo "E: The user $name is there already: a package has made it." >&2
    exit 1
  fi
  useradd "\${options[@]}" "$name"
  if [ -e "/run/setup/keys/$name" ]; then
    home="$(getent passwd "$name" | cut -d: -f6)"
    install -d -m 700 -o "$name" -g "$group" "$home/.ssh"
    install -m 600 -o "$name" -g "$group" "/run/setup/keys/$name" "$home/.ssh/authorized_keys"
  fi
done < /run/setup/users

usermod --lock root
[ ! -s /run/setup/hashes ] || chpasswd --encrypted < /run/setup/hashes
`;

/** What the script reads, below `/run/setup`, which is never part of the image. */
export function accountFiles({ accounts: { root, users, groups } }: Plan): RootFile[] {
  const secrets = [{ name: 'root', passwordHash: root.passwordHash }, ...users];
  return [
    tableFile(
      'groups',
      groups.map(({ name, id, isSystem }) => [name, id, flag(isSystem)]),
    ),
    tableFile('users', users.map(userRow)),
    textFile(
      'hashes',
      secrets
        .filter(({ passwordHash }) => passwordHash !== undefined)
        .map(({ name, passwordHash }) => `${name}:${passwordHash ?? ''}\n`)
        .join(''),
      0o600,
    ),
    ...users
      .filter(({ sshKeys }) => sshKeys.length > 0)
      .map(({ name, sshKeys }) => textFile(`keys/${name}`, `${sshKeys.join('\n')}\n`)),
  ];
}

function flag(value: boolean): string {
  return value ? 'yes' : '';
}

function userRow(user: PlannedUser): (string | number | undefined)[] {
  const { name, id, isSystem, primaryGroup, secondaryGroups, home, shell, fullName } = user;
  return [name, id, flag(isSystem), primaryGroup, secondaryGroups.join(','), home, shell, fullName];
}

/** root's keys, and `sudo` for whom it is meant. */
export const accounts: RootOption = ({ accounts: { root, users } }) => {
  const without = users.filter(({ sudoWithoutPassword }) => sudoWithoutPassword);
  const usesSudo =
    without.length > 0 || users.some(({ secondaryGroups }) => secondaryGroups.includes('sudo'));
  return {
    ...(usesSudo && { packages: ['sudo'] }),
    files: [
      ...(root.sshKeys.length > 0
        ? [textFile('/root/.ssh/authorized_keys', `${root.sshKeys.join('\n')}\n`, 0o600)]
        : []),
      ...without.map(({ name }) =>
        textFile(
          `/etc/sudoers.d/appliance-${name.replaceAll('.', '_')}`,
          `${name} ALL=(ALL:ALL) NOPASSWD: ALL\n`,
          0o440,
        ),
      ),
    ],
  };
};
