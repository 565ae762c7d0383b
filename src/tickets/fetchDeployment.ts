import type { UForgeClient } from '../uforge/client/client.ts';
import type { Dto, OpStatus } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import type { Deployment } from './deployment.ts';
import { withStatus } from './fromServer.ts';
import { requestTimeoutMs, type Kind } from './kind.ts';
import { isFinal } from './state.ts';

type DeploymentDto = Dto<'Deployment'>;

/** The deployment in an answer of the server; `undefined` where it does not say which it is. */
export function deploymentFrom(
  answer: DeploymentDto,
  { server, uid, now }: { readonly server: string; readonly uid: string; readonly now: number },
): Deployment | undefined {
  const did = idOf(answer.uri ?? '') || (answer.applicationId ?? '');
  if (did === '') return undefined;
  const created = (answer.creationDate ?? new Date(now)).toISOString();
  const bare: Deployment = {
    server,
    uid,
    uri: `users/${uid}/deployments/${did}`,
    did,
    name: answer.name ?? did,
    source: answer.sourceSummary?.uri ?? '',
    state: 'waiting',
    percentage: 0,
    message: '',
    created,
    changed: created,
  };
  return withInstance(withStatus(bare, statusOf(answer), now), answer);
}

/** The deployment with all its server says of it, `undefined` when the server has it no more. */
async function fetchDeployment(
  client: UForgeClient,
  deployment: Deployment,
  now: () => number,
  signal?: AbortSignal,
): Promise<Deployment | undefined> {
  const { did } = deployment;
  try {
    const options = { signal, timeoutMs: requestTimeoutMs, fresh: true };
    const answer = await client.deployment_get({ did }, options);
    const seen = withInstance(withStatus(deployment, statusOf(answer), now()), answer);
    if (seen.state !== 'failed') return seen;
    // Only the status knows why.
    const { errorMessage, detailedErrorMsg } = await client.deployment_getDeployStatus({ did }, options);
    return withStatus(seen, { ...statusOf(answer), errorMessage, detailedErrorMsg }, now());
  } catch (error) {
    if (error instanceof UForgeError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

export const deployments: Kind<Deployment> = {
  name: 'deployments',
  // There are no statuses of several: the list says the state of each.
  statuses: async (client, _running, options) => {
    const answer = await client.deployment_getAll(options);
    return { answer, statuses: answer.deployments.map(statusOf) };
  },
  idOf,
  fetch: fetchDeployment,
};

function idOf(uri: string): string {
  return /(?:^|\/)deployments\/([^/?#]+)/.exec(uri)?.[1] ?? '';
}

/** What a deployment's state means. UForge has no list of them but these two ends. */
function statusOf({ uri, state = '' }: DeploymentDto): OpStatus {
  return {
    ...(uri !== undefined && { parentUri: uri }),
    message: state,
    complete: state.toLowerCase() === 'running',
    error: state.toLowerCase() === 'on-fire',
    percentage: state === '' ? 0 : 50,
  };
}

function withInstance(deployment: Deployment, { instances = [] }: DeploymentDto): Deployment {
  const [instance] = instances;
  if (instance === undefined || !isFinal(deployment.state)) return deployment;
  const { hostname, loginUser, instanceId } = instance;
  return {
    ...deployment,
    ...(hostname !== undefined && hostname !== '' && { address: hostname }),
    ...(loginUser !== undefined && loginUser !== '' && { login: loginUser }),
    ...(instanceId !== undefined && instanceId !== '' && { instanceId }),
  };
}
