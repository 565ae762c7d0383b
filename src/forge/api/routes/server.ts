import { dto } from '../http/answer.ts';
import { apiVersion } from '../../process/version.ts';
import type { Routes } from './route.ts';

/** What the server says about itself and about the one who asks. */
export const serverRoutes: Routes = {
  uforgeStatus_get: ({ forge }) =>
    dto('serviceStatus', { alive: true, version: apiVersion, serviceLoad: forge.generations.load }),

  user_get: ({ owner, uris }) => {
    const loginName = owner.login;
    return dto('user', {
      created: owner.created,
      dbId: owner.id,
      lastModified: owner.modified,
      loginName,
      active: true,
      admin: false,
      baseAppliancesUri: `${uris.user}/appliances`,
      baseTargetFormatsUri: `${uris.user}/targetformats`,
      baseImagesUri: `${uris.user}/images`,
      baseApiKeysUri: `${uris.user}/apikeys`,
      baseCredAccountsUri: `${uris.user}/accounts`,
      baseDeploymentsUri: `${uris.user}/deployments`,
      baseDistributionsUri: `${uris.user}/distros`,
      baseFormatsUri: `${uris.user}/formats`,
      baseImportsUri: `${uris.user}/imports`,
      baseOrgsUri: `${uris.user}/orgs`,
      basePublishImagesUri: `${uris.user}/pimages`,
      baseTargetPlatformsUri: `${uris.user}/targetplatforms`,
      quotasUri: `${uris.user}/quotas`,
      statsUri: `${uris.user}/stats`,
      usageUri: `${uris.user}/usage`,
      name: loginName,
      roles: [{ name: 'user', entitlements: [...owner.entitlements].map((name) => ({ name })) }],
      uri: uris.user,
    });
  },
};
