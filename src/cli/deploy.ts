import { deployRequest, machineFields } from '../generate/deployRequest.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import { InputError } from '../generate/inputError.ts';
import { DeploymentStore } from '../tickets/deployment.ts';
import { DeploymentService } from '../tickets/deploymentService.ts';
import { deployments as kind } from '../tickets/fetchDeployment.ts';
import { publications } from '../tickets/fetchPublication.ts';
import type { DeployArguments } from './arguments.ts';
import { openServer } from './connect.ts';
import type { Environment } from './environment.ts';
import { Failure } from './failure.ts';
import { follow } from './follow.ts';
import { processHost } from './processHost.ts';
import type { Reporter } from './reporter.ts';

/**
 * Makes a machine of a publication and waits until it runs. Interrupted, it leaves the machine: it says which.
 * @throws whatever kept it from that; `failureFrom` knows what it means
 */
export async function deploy(
  { values, publication: named, ...args }: DeployArguments,
  environment: Environment,
  reporter: Reporter,
): Promise<void> {
  const { clock, signal } = environment;
  await using server = await openServer(args, environment, clock);
  const host = processHost(server, environment);
  using _tickets = host.store;
  using published = host.publications;
  using store = new DeploymentStore(
    { load: () => undefined, save: () => Promise.resolve() },
    () => undefined,
  );
  await host.publishing.refresh(server.name, signal);
  const id = publications.idOf(named);
  const publication = published.all().find(({ pitid }) => pitid === id);
  if (publication === undefined) throw new InputError(`There is no publication “${named}” on the server.`);
  const known = ['name', ...machineFields(publication.type).map(({ name }) => name)];
  const strange = Object.keys(values).find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new InputError(`A machine has no “${strange}”. It has: ${known.join(', ')}.`);
  }
  const service = new DeploymentService({ store, clients: server.clients, clock });
  const request = deployRequest(publication.type, { name: publication.applianceName, ...values });
  const made = await service.deploy(publication, request, signal);
  reporter.note(`Deployment ${made.uri}`);
  const ended = await follow(kind, made, store, server, reporter, clock, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    throw new Failure(exitCodes.interrupted, `Interrupted: the deployment ${made.uri} goes on.`);
  });
  if (ended?.state !== 'done') {
    const why = ended?.errorMessage ?? ended?.message ?? 'somebody has terminated it.';
    throw new Failure(exitCodes.failed, `${made.name} does not run: ${why}`, ended?.detail ?? '');
  }
  const { uri, address } = ended;
  reporter.ended(address ?? uri, { deployment: uri, ...(address !== undefined && { address }) });
}
