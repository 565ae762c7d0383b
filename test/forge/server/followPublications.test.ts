import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { DeploymentStore } from '../../../src/tickets/deployment.ts';
import { DeploymentService } from '../../../src/tickets/deploymentService.ts';
import { publications as kind } from '../../../src/tickets/fetchPublication.ts';
import { Poller } from '../../../src/tickets/poller.ts';
import { PublicationStore } from '../../../src/tickets/publication.ts';
import { PublicationService } from '../../../src/tickets/publicationService.ts';
import { TicketService } from '../../../src/tickets/service.ts';
import { TicketStore } from '../../../src/tickets/store.ts';
import { untilFinal } from '../../../src/tickets/untilFinal.ts';
import { basicAuthorizer } from '../../../src/uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../../../src/uforge/client/client.ts';
import { systemClock as clock } from '../../../src/uforge/clock.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { leaveWorld } from '../contract/world.ts';
import { startForge, temporaryFolder } from './support.ts';

const resources = new AsyncDisposableStack();
let client: UForgeClient;
before(async () => {
  const folder = resources.use(await temporaryFolder());
  await leaveWorld(folder.path);
  const forge = resources.use(await startForge(folder.path));
  const transport = resources.use(createUndiciTransport());
  const authorizer = basicAuthorizer(forge.user, forge.password);
  client = createClient({ baseUrl: forge.url, uid: forge.user, authorizer, transport, clock });
});
after(() => resources.disposeAsync());

const nowhere = { load: () => undefined, save: () => Promise.resolve() };
const server = 'http://local-forge.localhost/api';

async function known() {
  const clients = () => Promise.resolve(client);
  const tickets = new TicketStore(nowhere, assert.ifError);
  await new TicketService({ store: tickets, clients, clock }).refresh(server);
  const [ticket] = tickets.all();
  assert.ok(ticket);
  const store = new PublicationStore(nowhere, assert.ifError);
  const service = new PublicationService({ store, clients, clock });
  return { ticket, store, service, clients };
}

suite('publications of a server', () => {
  test('are found with what the platform calls them, and under which image they belong', async () => {
    const { ticket, store, service } = await known();
    await service.refresh(server);
    const [left] = store.all();
    assert.deepEqual(
      [left?.state, left?.cloudId, left?.type, left?.aid, left?.itid],
      ['done', 'ami-1', 'PublishImageOpenStack', ticket.aid, ticket.itid],
    );
  });

  test('are followed to their end by one request, asked for again as they were, and forgotten', async () => {
    const { ticket, store, service, clients } = await known();
    const account = { $type: 'CredAccountVSphere', name: 'vc', password: 'hush' } as const;
    await client.cloudAccount_create({}, account);
    const asked = {
      $type: 'PublishImageVSphere',
      displayName: 'web',
      credAccount: { $type: account.$type, name: 'vc' },
    } as const;
    const made = await service.publish(ticket, asked);
    assert.equal(made.account, 'vc');
    using _poller = new Poller({ kind, store, clients, clock });
    const ended = await untilFinal(made, store, AbortSignal.timeout(30_000));
    assert.match(ended?.errorMessage ?? '', /can’t publish to VMware vCenter/);
    const request = await service.requestOf(made);
    assert.deepEqual(
      [request.$type, 'displayName' in request && request.displayName, request.credAccount?.name],
      ['PublishImageVSphere', 'web', 'vc'],
    );
    const again = await service.publish(ticket, request);
    assert.notEqual(again.uri, made.uri);
    await untilFinal(again, store, AbortSignal.timeout(30_000));
    for (const each of [made, again]) await service.remove(each);
    assert.deepEqual(
      store.all().filter(({ type }) => type === 'PublishImageVSphere'),
      [],
    );
    await service.refresh(server);
    assert.deepEqual(
      store.all().map(({ cloudId }) => cloudId),
      ['ami-1'],
    );
  });

  test('a deployment says why it burns, and is gone once it is terminated', async () => {
    const { store, service, clients } = await known();
    await service.refresh(server);
    const [left] = store.all();
    assert.ok(left);
    const all = new DeploymentStore(nowhere, assert.ifError);
    const deploying = new DeploymentService({ store: all, clients, clock });
    const made = await deploying.deploy(left, { name: 'web' });
    assert.deepEqual([made.state, made.name, made.source], ['failed', 'web', left.uri]);
    assert.match(made.errorMessage ?? '', /starts no machines at OpenStack/);
    await deploying.refresh(server);
    assert.equal(all.all().length, 2);
    await deploying.terminate(made);
    await deploying.refresh(server);
    assert.deepEqual(
      all.all().map(({ name }) => name),
      ['left'],
    );
  });
});
