import { dto, empty } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { deploymentOf, statusOfDeployment } from '../answers/publication.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';
import type { DeploymentRecord } from '../../store/deploymentStore.ts';
import { find as findPublication } from './publications.ts';
import { owned, type Call, type Routes } from './route.ts';

/** Publications that are started as instances. The forge starts none anywhere, and a deployment says so. */
export const deploymentRoutes: Routes = {
  machineImagePublished_deploy: async (call) => {
    const publication = findPublication(call);
    const { forge, owner, uris } = call;
    const { name } = await call.body('deployment');
    if (publication.state !== 'done') {
      throw new Refusal(
        'ERROR.PUBLICATION.NOT_PUBLISHED',
        sentence`Publication ${publication.id} is not complete: there is nothing to deploy.`,
        { parameters: [String(publication.id)] },
      );
    }
    const record = forge.deployments.create({
      ownerId: owner.id,
      name: name ?? forge.appliance(owner, call.param('aid')).name,
      sourceUri: uris.publication(publication),
      state: 'on-fire',
      message: 'The local forge starts instances at no platform. Start it there yourself.',
    });
    return dto('deployment', deploymentOf(record, uris));
  },

  deployment_getAll: ({ forge, owner, uris }) =>
    listed(
      'deployments',
      forge.deployments.ofOwner(owner.id).map((record) => deploymentOf(record, uris)),
    ),

  deployment_get: (call) => dto('deployment', deploymentOf(find(call), call.uris)),
  deployment_getDeployStatus: (call) => dto('status', statusOfDeployment(find(call), call.uris)),

  deployment_terminate: (call) => {
    call.forge.deployments.delete(find(call).id);
    return empty;
  },
};

function find(call: Call): DeploymentRecord {
  return owned(call, call.forge.deployments, 'did', sentence`Deployment`);
}
