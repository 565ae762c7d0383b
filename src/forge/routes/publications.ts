import { dto, empty } from '../http/answer.ts';
import { notFound } from '../refusal.ts';
import { find } from './images.ts';
import type { Call, Routes } from './route.ts';

/** The forge publishes nowhere, so there are no publications and no deployments; asking for one is still 501. */
export const publicationRoutes: Routes = {
  userMachineImagePublished_getAll: () => dto('publishImages', { total: 0, publishImages: [] }),
  userMachineImagePublishedStatus_getAll: () => dto('statuses', { total: 0, statuses: [] }),

  machineImagePublished_getAll: (call) => {
    checkAppliance(call);
    return dto('publishImages', { total: 0, publishImages: [] });
  },

  machineImagePublishedStatus_getAll: (call) => {
    checkAppliance(call);
    return dto('statuses', { total: 0, statuses: [] });
  },

  machineImagePublished_deleteAll: (call) => {
    checkAppliance(call);
    return empty;
  },

  machineImagePublished_get: noPublication,
  machineImagePublishedStatus_get: noPublication,
  machineImagePublished_delete: noPublication,
  machineImagePublish_cancel: noPublication,

  deployment_getAll: () => dto('deployments', { total: 0, deployments: [] }),
  deployment_get: noDeployment,
  deployment_getDeployStatus: noDeployment,
  deployment_terminate: noDeployment,
};

function checkAppliance({ forge, owner, param }: Call): void {
  forge.appliance(owner, param('aid'));
}

function noPublication(call: Call): never {
  find(call);
  const pitid = call.param('pitid');
  throw notFound(`Publication with id ${pitid} not found.`, pitid);
}

function noDeployment({ param }: Call): never {
  const did = param('did');
  throw notFound(`Deployment with id ${did} not found.`, did);
}
