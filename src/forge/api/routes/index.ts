import { apiKeyRoutes } from './apiKeys.ts';
import { applianceRoutes } from './appliances.ts';
import { bootScriptRoutes } from './bootScripts.ts';
import { cloudAccountRoutes } from './cloudAccounts.ts';
import { deploymentRoutes } from './deployments.ts';
import { distributionRoutes } from './distributions.ts';
import { downloadRoutes } from './downloads.ts';
import { exportRoutes } from './exports.ts';
import { imageRoutes } from './images.ts';
import { importRoutes } from './imports.ts';
import { installPartRoutes } from './installParts.ts';
import { installProfileRoutes } from './installProfiles.ts';
import { offerRoutes } from './offers.ts';
import { osProfileRoutes } from './osProfiles.ts';
import { partitionTableRoutes } from './partitionTables.ts';
import { publicationRoutes } from './publications.ts';
import { pxeRoutes } from './pxe.ts';
import type { Routes } from './route.ts';
import type { OperationName } from '../../../uforge/operations.ts';
import { scanRoutes } from './scans.ts';
import { serverRoutes } from './server.ts';
import { softwareArtifactRoutes } from './softwareArtifacts.ts';
import { softwareRoutes } from './software.ts';
import { softwareTransferRoutes } from './softwareTransfers.ts';
import { statusRoutes } from './statuses.ts';
import { usageRoutes } from './usage.ts';

/** Every operation the forge serves. What is documented and not here is answered with 501. */
export const routes: Routes = {
  ...serverRoutes,
  ...applianceRoutes,
  ...osProfileRoutes,
  ...installProfileRoutes,
  ...installPartRoutes,
  ...partitionTableRoutes,
  ...bootScriptRoutes,
  ...exportRoutes,
  ...importRoutes,
  ...imageRoutes,
  ...statusRoutes,
  ...downloadRoutes,
  ...offerRoutes,
  ...distributionRoutes,
  ...publicationRoutes,
  ...deploymentRoutes,
  ...pxeRoutes,
  ...scanRoutes,
  ...cloudAccountRoutes,
  ...apiKeyRoutes,
  ...usageRoutes,
  ...softwareRoutes,
  ...softwareArtifactRoutes,
  ...softwareTransferRoutes,
};

/** What may be asked for without credentials by who has a key in the path. The route looks at it. */
export const keyedOperations: ReadonlySet<OperationName> = new Set(['machineImageFile_download']);

/**
 * What is asked for all the time and depends on nothing but the database: made anew only when that has
 * changed.
 */
export const keptOperations: ReadonlySet<OperationName> = new Set([
  'machineImageStatus_get',
  'machineImageStatus_getAll',
  'userMachineImageStatus_get',
]);
