import type { Clock } from '../uforge/clock.ts';
import type { Dto } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import type { Clients } from './clients.ts';
import type { Deployment, DeploymentStore } from './deployment.ts';
import { deploymentFrom, deployments } from './fetchDeployment.ts';
import { publicationIds, type Publication } from './publication.ts';
import { ifOffered, unlessGone, whilePending } from './whilePending.ts';
import { withoutKnownEnds } from './withoutKnownEnds.ts';

export interface DeploymentServiceOptions {
  readonly store: DeploymentStore;
  readonly clients: Clients;
  readonly clock: Clock;
}

/** What a person does with deployments. What comes of it is in the store when the promise resolves. */
export class DeploymentService {
  readonly #store: DeploymentStore;
  readonly #clients: Clients;
  readonly #now: () => number;

  constructor({ store, clients, clock }: DeploymentServiceOptions) {
    this.#store = store;
    this.#clients = clients;
    this.#now = () => clock.now();
  }

  /**
   * Makes a machine of a publication (`machineImagePublished_deploy`). When the signal is aborted while the
   * server answers, the machine is terminated before the promise rejects.
   * @throws {UForgeError}
   */
  async deploy(
    publication: Publication,
    request: Dto<'Deployment'>,
    signal?: AbortSignal,
  ): Promise<Deployment> {
    const { server } = publication;
    const client = await this.#clients(server, signal);
    signal?.throwIfAborted();
    // Without the signal: a machine that was asked for costs money, and has to be known to be terminated.
    const answer = await client.machineImagePublished_deploy(publicationIds(publication), request);
    const asked = { name: request.name, ...answer, sourceSummary: sourceOf(publication) };
    const made = deploymentFrom(asked, { server, uid: client.uid, now: this.#now() });
    if (made === undefined) {
      throw new UForgeError(
        'protocol',
        'The server took the request but did not say where the deployment is.',
      );
    }
    // Not yet to be asked for, or not now: it is there all the same, and is looked after from here on.
    const current = (await deployments.fetch(client, made, this.#now).catch(() => undefined)) ?? made;
    this.#store.put(current);
    if (signal?.aborted === true) await this.terminate(current);
    signal?.throwIfAborted();
    return current;
  }

  /** Ends the machine, at the platform as well (`deployment_terminate`). */
  async terminate(deployment: Deployment, signal?: AbortSignal): Promise<void> {
    await whilePending(this.#store, deployment, 'terminate', async () => {
      const client = await this.#clients(deployment.server, signal);
      await unlessGone(client.deployment_terminate({ did: deployment.did }, { signal }));
      this.#store.remove(deployment);
    });
  }

  /** Brings the store in line with a server (`deployment_getAll`). One that deploys nothing has none. */
  async refresh(server: string, signal?: AbortSignal): Promise<void> {
    const client = await this.#clients(server, signal);
    const known = this.#store.all().filter((each) => each.server === server);
    const context = { server, uid: client.uid, now: this.#now() };
    // Deploying is an entitlement of its own, and servers before 3.7.fp6 know nothing of it.
    const answer = await ifOffered(client.deployment_getAll({ signal }));
    if (answer === undefined) return;
    const found = answer.deployments.flatMap((each) => deploymentFrom(each, context) ?? []);
    signal?.throwIfAborted();
    this.#store.apply(withoutKnownEnds(this.#store, known, found));
  }
}

/** Which publication it is made of is known here, whatever the server says. */
function sourceOf({ applianceName, uri }: Publication): Dto<'ApplianceSummary'> {
  return { $type: 'ApplianceSummary', name: applianceName, uri };
}
