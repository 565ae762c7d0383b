import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TicketService } from '../../../src/tickets/service.ts';
import type { Ticket } from '../../../src/tickets/ticket.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { connect } from '../uforge/support.ts';
import { ImageServer, ManualClock, memoryStore, ticket } from './support.ts';

async function service(...known: readonly Partial<Ticket>[]) {
  const resources = new AsyncDisposableStack();
  const server = resources.use(await ImageServer.start());
  const { client } = resources.use(connect(server.url));
  const tickets = known.map((overrides) => ticket({ server: server.url, ...overrides }));
  for (const { itid, percentage, message } of tickets) server.set(itid, { percentage, message });
  const { store, changes } = memoryStore(...tickets);
  const subject = new TicketService({
    store,
    clients: () => Promise.resolve(client),
    clock: new ManualClock(),
  });
  const dispose = () => resources.disposeAsync();
  return { subject, server, store, changes, tickets, [Symbol.asyncDispose]: dispose };
}

const request = {
  appliance: { uri: 'users/guest/appliances/7' },
  image: { compress: true, targetFormat: { name: 'VirtualBox' } },
};

suite('generating', () => {
  test('makes a ticket with the appliance’s name, the target format and the file it came from', async () => {
    await using setup = await service();
    const { subject, server, store } = setup;
    const made = await subject.generate({
      server: server.url,
      ...request,
      definition: 'file:///representation.xml',
    });
    assert.deepEqual(store.all(), [made]);
    assert.deepEqual(
      [made.applianceName, made.applianceVersion, made.targetFormat, made.state, made.definition, made.itid],
      ['nginx', '1.0', 'VirtualBox', 'waiting', 'file:///representation.xml', '99'],
    );
    assert.match(String(server.received.at(-1)?.body), /<compress>true<\/compress><targetFormat>/);
  });

  test('called off while the server answers, cancels the ticket the server has made', async () => {
    await using setup = await service();
    const { subject, server, store } = setup;
    const stop = new AbortController();
    server.before = ({ method }) => {
      if (method === 'POST') stop.abort(new Error('interrupted'));
    };
    await assert.rejects(
      subject.generate({ server: server.url, ...request, signal: stop.signal }),
      /interrupted/,
    );
    assert.equal(server.images.get('99')?.status?.cancelled, true);
    assert.deepEqual(
      store.all().map(({ state }) => state),
      ['cancelled'],
    );
  });

  test('called off before, asks for nothing', async () => {
    await using setup = await service();
    const { subject, server, store } = setup;
    const signal = AbortSignal.abort(new Error('interrupted'));
    await assert.rejects(subject.generate({ server: server.url, ...request, signal }), /interrupted/);
    assert.deepEqual([server.asked, store.all()], [[], []]);
  });

  test('refused by the server, leaves no ticket behind', async () => {
    await using setup = await service();
    const { subject, server, store } = setup;
    server.before = ({ method }) => {
      if (method === 'POST') server.failure = { status: 409 };
    };
    await assert.rejects(
      subject.generate({ server: server.url, ...request }),
      (error) => error instanceof UForgeError && error.kind === 'conflict',
    );
    assert.deepEqual(store.all(), []);
  });

  test('for something that is no appliance is refused here', async () => {
    await using setup = await service();
    const { subject, server } = setup;
    await assert.rejects(
      subject.generate({ server: server.url, ...request, appliance: { uri: 'users/guest' } }),
      /not the URI of an appliance/,
    );
  });
});

suite('cancelling', () => {
  test('shows as soon as the server has said so', async () => {
    await using setup = await service({});
    const { subject, tickets, store } = setup;
    const ended = await subject.cancel(tickets[0]!);
    assert.equal(ended?.state, 'cancelled');
    assert.equal(store.all()[0]?.state, 'cancelled');
  });

  test('too late, shows how it ended instead', async () => {
    await using setup = await service({});
    const { subject, server, tickets, store } = setup;
    server.set('12', { complete: true }, { fileName: 'a.ova', fileSize: 1 });
    assert.equal((await subject.cancel(tickets[0]!))?.state, 'done');
    assert.equal(store.all()[0]?.downloadable, true);
  });

  test('what is gone, forgets it', async () => {
    await using setup = await service({});
    setup.server.images.clear();
    assert.equal(await setup.subject.cancel(setup.tickets[0]!), undefined);
    assert.deepEqual(setup.store.all(), []);
  });

  test('is not believed when the server can not be asked', async () => {
    await using setup = await service({});
    setup.server.failure = { status: 500 };
    await assert.rejects(setup.subject.cancel(setup.tickets[0]!));
    assert.equal(setup.store.all()[0]?.state, 'running');
  });
});

suite('removing', () => {
  test('cancels what runs before it deletes', async () => {
    await using setup = await service({});
    await setup.subject.remove(setup.tickets[0]!);
    assert.deepEqual(setup.server.asked, [
      'DELETE appliances/7/images/12/status',
      'DELETE appliances/7/images/12',
    ]);
    assert.deepEqual([setup.store.all(), setup.server.images.size], [[], 0]);
  });

  test('what the server has no more, forgets it', async () => {
    await using setup = await service({ state: 'done' });
    setup.server.images.clear();
    await setup.subject.remove(setup.tickets[0]!);
    assert.deepEqual(setup.store.all(), []);
  });

  test('keeps the ticket when the server refuses', async () => {
    await using setup = await service({ state: 'done' });
    setup.server.failure = { status: 403 };
    await assert.rejects(setup.subject.remove(setup.tickets[0]!));
    assert.equal(setup.store.all().length, 1);
  });
});

suite('refreshing', () => {
  test('brings what others made, takes away what is gone, updates the rest, and leaves other servers alone', async () => {
    const elsewhere = ticket({ server: 'https://other/api' });
    await using setup = await service({}, { itid: '13', uri: 'users/guest/appliances/7/images/13' });
    const { subject, server, store } = setup;
    store.put(elsewhere);
    server.images.delete('13');
    server.set('12', { percentage: 77 });
    server.set('14', { error: true, errorMessage: 'The forge was stopped.' });
    await subject.refresh(server.url);
    const byId = new Map(
      store.all().map((each) => [`${each.server === server.url ? '' : 'other '}${each.itid}`, each]),
    );
    assert.deepEqual([...byId.keys()], ['12', 'other 12', '14']);
    assert.equal(byId.get('12')?.percentage, 77);
    assert.deepEqual([byId.get('14')?.state, byId.get('14')?.applianceName], ['failed', 'nginx']);
    assert.equal(byId.get('other 12'), elsewhere);
  });

  test('needs one request when nothing is new', async () => {
    await using setup = await service({});
    await setup.subject.refresh(setup.server.url);
    assert.deepEqual(setup.server.asked, ['GET images/status']);
    assert.deepEqual(setup.changes, []);
  });

  test('does not bring back what was removed while the server answered', async () => {
    await using setup = await service({});
    setup.server.set('12', { percentage: 99 });
    setup.server.before = () => setup.store.remove(setup.tickets[0]!);
    await setup.subject.refresh(setup.server.url);
    assert.deepEqual(setup.store.all(), []);
  });
});

suite('regenerating', () => {
  test('makes a new ticket of the old one’s request; forced, the old one ends first', async () => {
    await using setup = await service({ definition: 'file:///representation.xml' });
    const { subject, server, store, changes, tickets } = setup;
    const again = await subject.regenerate(tickets[0]!, true);
    assert.match(server.asked[0]!, /^POST appliances\/7\/images\/12\?force=true$/);
    assert.deepEqual(
      store.all().map(({ itid, state, pending }) => [itid, state, pending]),
      [
        ['12', 'cancelled', undefined],
        ['99', 'waiting', undefined],
      ],
    );
    assert.equal(again.definition, 'file:///representation.xml');
    assert.equal(changes[0]?.changed[0]?.pending, 'regenerate', 'it shows before the server has answered');
  });
});

suite('what a person asks for', () => {
  test('shows at once, and is taken back when the server refuses', async () => {
    await using setup = await service({});
    const { subject, server, store, changes, tickets } = setup;
    server.failure = { status: 403 };
    await assert.rejects(subject.remove(tickets[0]!));
    assert.deepEqual(
      changes.map(({ changed }) => changed[0]?.pending),
      ['delete', undefined],
    );
    assert.deepEqual(store.all(), tickets);
  });
});
