import type { Installation, User } from '../../appliance/template/model/template.ts';
import type { InstallProfile } from '../../uforge/dto.ts';

/** The public halves of the keys that everybody has: Vagrant comes with the others, and makes a key of its own at once. */
const wellKnown = [
  'ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niNltGEFHzD8+v1I2YJ6oXevct1YeS0o9HZyN1Q9qgCgzUFtdOKLv6IedplqoPkcmF0aYet2PkEDo3MlTBckFXPITAMzF8dJSIFo9D8HfdOV0IAdx4O7PtixWKn5y2hMNG0zQPyUecp4pzC6kivAIhyfHilFR61RGL+GPXQ2MWZWFYbAGjyiYJnAmCP3NOTd0jMZEnDkbUvxhMmBYSdETk1rRgm+R4LOzFUGaHqHDLKLX+FIPKcF96hrucXzcWyLbIbEgE98OHlnVYCzRdK8jlqm8tehUc9c9WhQ== vagrant insecure public key',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN1YdxBpNlzxDqfJyw/QKow1F+wvG9hXGoqiysfJOn5Y vagrant insecure public key',
];

/** Who Vagrant logs in as unless a request says otherwise; the password is the same (Vagrant's rules for boxes). */
export const boxUser = 'vagrant';

/** The name of who Vagrant logs in as. */
export function boxUserOf(profile: InstallProfile | undefined): string {
  return profile?.vagrantUser ?? boxUser;
}

/**
 * With the user whom Vagrant logs in as: the one there is, or a new one. Who has no key gets the well-known ones, which is
 * what a box for everybody has.
 */
export function withBoxUser(installation: Installation, name: string): Installation {
  const { users = [] } = installation;
  const found: User = users.find((user) => user.name === name) ?? { name };
  const publicBox: Partial<User> = {
    sshKeys: wellKnown.map((publicKey) => ({ publicKey })),
    ...(found.password === undefined && found.disablePasswordLogin !== true && { password: name }),
  };
  const user: User = { ...found, ...((found.sshKeys ?? []).length === 0 && publicBox) };
  return { ...installation, users: [...users.filter((each) => each.name !== name), user] };
}
