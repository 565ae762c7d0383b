/** Whoever has it may act for other users, as `supervisor\user`. */
export const supervisorAccess = 'supervisor_access';

/** What a user is entitled to unless told otherwise: all it takes to make, publish and deploy images. */
export const ordinaryEntitlements = [
  'api_key_access',
  'appliance_create',
  'cloud_account_create',
  'cloud_account_delete',
  'cloud_account_edit',
  'deployments_access',
  'image_generate',
  'image_publish',
  'migration_access',
  'migration_publish',
  'software_upload',
  'user_profile_edit',
] as const;

/** Every entitlement an operation of UForge 3.8 asks for (application.wadl), and the supervisor's. */
export const allEntitlements = [
  ...ordinaryEntitlements,
  'categories_administrate',
  'org_administrate',
  'org_formats_administrate',
  'org_members_administrate',
  'org_os_administrate',
  'org_os_profiles_administrate',
  'user_administrate',
  'user_create',
  supervisorAccess,
] as const;

export type Entitlement = (typeof allEntitlements)[number];

/** The one a forge is started for: everything, but not to look at what is others'. */
export const firstUserEntitlements: readonly Entitlement[] = allEntitlements.filter(
  (name) => name !== supervisorAccess,
);

export function isEntitlement(name: string): name is Entitlement {
  return (allEntitlements as readonly string[]).includes(name);
}
