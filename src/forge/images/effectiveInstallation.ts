import type { Installation, Template } from '../../appliance/template/model/template.ts';
import type { Image, InstallProfile } from '../../uforge/dto.ts';
import { readInstallProfile } from '../appliances/parts/installProfile.ts';

/** How a system is set up, and what of the request could not be read. */
export interface EffectiveInstallation {
  readonly installation: Installation;
  readonly problems: readonly string[];
}

/**
 * The template's installation, and over it what the request's install profile says, by the rules of an appliance's own
 * install profile: a field that is missing stays as it was. For the sizes of disk and memory see `sizesOf`.
 */
export function effectiveInstallation(template: Template, image: Image): EffectiveInstallation {
  const kept: Installation = template.stack.installation ?? {};
  const profile = image.installProfile;
  if (profile === undefined) return { installation: kept, problems: [] };
  const problems: Parameters<typeof readInstallProfile>[2] = [];
  const installation = readInstallProfile(withoutImageFields(profile), kept, problems) ?? {};
  return { installation: withTheOthers(installation, kept, profile), problems: problems.map(String) };
}

/** Who Vagrant logs in as comes to the template's users, and in the place of none but a namesake. */
function withTheOthers(
  installation: Installation,
  { users = [] }: Installation,
  profile: InstallProfile,
): Installation {
  const isBoxUser = ({ name }: { readonly name?: string | undefined }): boolean =>
    name === profile.vagrantUser;
  if (profile.vagrantUser === undefined || profile.users?.every(isBoxUser) !== true) return installation;
  return {
    ...installation,
    users: [...users.filter((user) => !isBoxUser(user)), ...(installation.users ?? [])],
  };
}

/** What belongs to the image, not to the installation, or is read from the request itself (`sudo`). */
function withoutImageFields(profile: InstallProfile): InstallProfile {
  const { rootUser, users, ...rest } = profile;
  const root =
    rootUser?.password === undefined
      ? rootUser
      : { ...rootUser, passwordAuto: rootUser.passwordAuto ?? true };
  return {
    ...rest,
    ...(root && { rootUser: root }),
    ...(users && { users: users.map((user) => ({ ...user, sudo: undefined })) }),
    memorySize: undefined,
    hwType: undefined,
    vagrantUser: undefined,
    updateTools: undefined,
    timezoneCity: undefined,
  };
}
