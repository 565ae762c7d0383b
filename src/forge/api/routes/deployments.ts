import { dto, empty } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { deploymentOf, statusOfDeployment } from '../answers/publication.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { orRefusal, Refusal } from '../refusal.ts';
import type { DeploymentRecord } from '../../store/deploymentStore.ts';
import { find as findPublication } from './publications.ts';
import { owned, type Call, type Routes } from './route.ts';

/** Publications that are started as machines, where a publisher can (publishing/publisher.ts). */
export const deploymentRoutes: Routes = {
  machineImagePublished_deploy: async (call) => {
    const publication = findPublication(call);
    const { forge, owner, uris } = call;
    const { name, instances } = await call.body('deployment');
    if (publication.state !== 'done') {
      throw new Refusal(
        'ERROR.PUBLICATION.NOT_PUBLISHED',
        sentence`Publication ${publication.id} is not complete: there is nothing to deploy.`,
        { parameters: [String(publication.id)] },
      );
    }
    const record = forge.deploymentStore.create({
      ownerId: owner.id,
      name: name ?? forge.appliance(owner, call.param('aid')).name,
      sourceUri: uris.publication(publication),
      state: 'starting',
      message: 'Starting',
      request: publication.request,
      accountId: publication.accountId,
    });
    forge.deployments.start(record, publication, instances?.[0]);
    return dto('deployment', deploymentOf(record, uris));
  },

  deployment_getAll: ({ forge, owner, uris }) =>
    listed(
      'deployments',
      forge.deploymentStore.ofOwner(owner.id).map((record) => deploymentOf(record, uris)),
    ),

  deployment_get: (call) => dto('deployment', deploymentOf(find(call), call.uris)),
  deployment_getDeployStatus: (call) => dto('status', statusOfDeployment(find(call), call.uris)),

  /** The machine goes first: one that the platform does not end stays known. */
  deployment_terminate: async (call) => {
    await orRefusal(call.forge.deployments.terminate(find(call).id));
    return empty;
  },
};

function find(call: Call): DeploymentRecord {
  return owned(call, call.forge.deploymentStore, 'did', sentence`Deployment`);
}
