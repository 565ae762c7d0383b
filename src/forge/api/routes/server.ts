import { dto } from '../http/answer.ts';
import { orgUri } from '../answers/offers.ts';
import { apiVersion } from '../../process/version.ts';
import { allEntitlements } from '../../accounts/entitlements.ts';
import type { UserRecord } from '../../store/userStore.ts';
import { listed } from '../http/query.ts';
import type { Dto } from '../../../uforge/dto.ts';
import type { Routes } from './route.ts';

/** What the server says about itself and about the one who asks. */
export const serverRoutes: Routes = {
  uforgeStatus_get: ({ forge }) =>
    dto('serviceStatus', { alive: true, version: apiVersion, serviceLoad: forge.generations.load }),

  userRoles_getAll: ({ owner }) => listed('roles', [roleOf(owner)]),

  entitlement_getAll: () =>
    listed(
      'entitlements',
      allEntitlements.map((name) => ({ name })),
    ),

  user_get: ({ forge, owner, uris }) => {
    const loginName = owner.login;
    return dto('user', {
      created: owner.created,
      dbId: owner.id,
      lastModified: owner.modified,
      loginName,
      active: true,
      admin: false,
      adminOrgUris: [],
      applianceUris: forge.appliances.ofOwner(owner.id).map(({ id }) => uris.appliance(id)),
      baseAppliancesUri: `${uris.user}/appliances`,
      baseTargetFormatsUri: `${uris.user}/targetformats`,
      baseImagesUri: `${uris.user}/images`,
      baseApiKeysUri: `${uris.user}/apikeys`,
      baseCredAccountsUri: `${uris.user}/accounts`,
      baseDeploymentsUri: `${uris.user}/deployments`,
      baseDistributionsUri: `${uris.user}/distros`,
      baseFormatsUri: `${uris.user}/formats`,
      baseImportsUri: `${uris.user}/imports`,
      baseMySoftwareLibraryUri: `${uris.user}/mysoftware`,
      baseOrgsUri: `${uris.user}/orgs`,
      basePublishImagesUri: `${uris.user}/pimages`,
      baseTargetPlatformsUri: `${uris.user}/targetplatforms`,
      credAccountUris: forge.cloudAccounts.ofOwner(owner.id).map(({ id }) => uris.cloudAccount(id)),
      migrationsUri: `${uris.user}/migrations`,
      orgUris: [orgUri],
      scannedInstancesUri: `${uris.user}/scannedinstances`,
      quotasUri: `${uris.user}/quotas`,
      statsUri: `${uris.user}/stats`,
      usageUri: `${uris.user}/usage`,
      name: loginName,
      roles: [roleOf(owner)],
      uri: uris.user,
    });
  },
};

/** Everybody has one role, of all that they are entitled to. */
function roleOf({ entitlements }: UserRecord): Dto<'Role'> {
  return { name: 'user', entitlements: [...entitlements].map((name) => ({ name })) };
}
