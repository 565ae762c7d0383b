import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { TicketPoller } from '../../src/tickets/poller.ts';
import { TicketService } from '../../src/tickets/service.ts';
import { isFinal } from '../../src/tickets/state.ts';
import { TicketStore } from '../../src/tickets/store.ts';
import { basicAuthorizer } from '../../src/uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../../src/uforge/client/client.ts';
import { systemClock } from '../../src/uforge/clock.ts';
import type { Transport } from '../../src/uforge/transport/transport.ts';
import { createUndiciTransport } from '../../src/uforge/transport/undiciTransport.ts';
import { parseLong } from '../../src/uforge/uris.ts';
import type { Row } from './report.ts';
import type { Servers } from './server.ts';

const running = 50;
const measuredMs = 30_000;
const fixedMs = 2_000;
/** What a server far away takes longer, each way, ms. */
const distanceMs = 40;

interface Watcher {
  /** Requests sent since it was reset. */
  requests: number;
  /** ms from a ticket's change to the store. */
  delays: number[];
}

/**
 * 50 running tickets, of which one moves every 0.7 s: how late a change comes to the store and how many
 * requests it takes. Our poller at the local forge and at a server that is far away and does not hold
 * requests, against what hammr does: every ticket asked for by itself, every two seconds. All at the same
 * time, so that all see the same.
 */
export async function benchPoller(servers: Servers, process: ChildProcess): Promise<Row[]> {
  process.send({ many: running });
  await pause(500);
  await using local = createUndiciTransport();
  await using far = createUndiciTransport();
  await using plain = createUndiciTransport();
  const [ours, oursFar, fixed] = [watcher(), watcher(), watcher()];
  using stack = new DisposableStack();
  stack.use(await watchWithPoller(clientOf(servers, counted(local, ours)), ours));
  stack.use(await watchWithPoller(clientOf(servers, remote(counted(far, oursFar))), oursFar));
  stack.use(await watchFixed(clientOf(servers, counted(plain, fixed)), fixed));
  await pause(3_000);
  for (const each of [ours, oursFar, fixed]) {
    each.requests = 0;
    each.delays.length = 0;
  }
  await pause(measuredMs);
  const rate = ({ requests }: Watcher): number => requests / (measuredMs / 1000);
  const anchorName = 'one poll per ticket, 2 s';
  const delay = (what: string, { delays }: Watcher, atMost: number): Row => ({
    what,
    unit: 's',
    ours: median(delays) / 1000,
    anchorName,
    anchor: median(fixed.delays) / 1000,
    atMost,
    note: `${running} tickets, ${delays.length} changes seen`,
  });
  const requests = (what: string, each: Watcher, atMost: number): Row => {
    return { what, unit: 'requests/s', ours: rate(each), anchorName, anchor: rate(fixed), atMost };
  };
  return [
    delay('change to store, local forge', ours, 0.3),
    requests('requests, local forge', ours, 1 / 0.15),
    delay('change to store, remote server', oursFar, 2),
    requests('requests, remote server', oursFar, 1 / 2),
  ];
}

function watcher(): Watcher {
  return { requests: 0, delays: [] };
}

function note(each: Watcher, message: string | undefined): void {
  const moved = Number(/^Moved at (\d+)$/.exec(message ?? '')?.[1]);
  if (!Number.isNaN(moved)) each.delays.push(Date.now() - moved);
}

async function watchWithPoller(client: UForgeClient, each: Watcher): Promise<Disposable> {
  const store = new TicketStore({ load: () => undefined, save: () => Promise.resolve() }, console.error);
  const clients = (): Promise<UForgeClient> => Promise.resolve(client);
  await new TicketService({ store, clients, clock: systemClock }).refresh(client.baseUrl.href);
  store.remove(...store.all().filter(({ state }) => isFinal(state)));
  store.onDidChange(({ changed }) => {
    for (const { message } of changed) note(each, message);
  });
  // As the editor asks when nobody has changed its settings.
  const interval = () => ({ fastMs: 2_000, slowMs: 4_000 });
  return new TicketPoller({ store, clients, clock: systemClock, interval });
}

async function watchFixed(client: UForgeClient, each: Watcher): Promise<Disposable> {
  const { images } = await client.userMachineImage_getAll();
  const moving = images.filter(({ status }) => status?.complete !== true && status?.error !== true);
  const timers = moving.map(({ uri = '' }, index) => {
    const [, aid = '', itid = ''] = /appliances\/(\d+)\/images\/(\d+)/.exec(uri) ?? [];
    const ids = { aid: parseLong(aid), itid: parseLong(itid) };
    let known: string | undefined;
    const ask = async (): Promise<void> => {
      const { message } = await client.machineImageStatus_get(ids, { fresh: true });
      if (message !== known && known !== undefined) note(each, message);
      known = message;
    };
    let timer: NodeJS.Timeout;
    const start = setTimeout(
      () => (timer = setInterval(() => void ask().catch(() => undefined), fixedMs)),
      (index * fixedMs) / moving.length,
    );
    return (): void => {
      clearTimeout(start);
      clearInterval(timer);
    };
  });
  return { [Symbol.dispose]: () => timers.forEach((end) => end()) };
}

function clientOf({ url, user, password }: Servers, transport: Transport): UForgeClient {
  const authorizer = basicAuthorizer(user, password);
  return createClient({ baseUrl: url, uid: user, authorizer, transport, clock: systemClock });
}

function counted(transport: Transport, each: Watcher): Transport {
  return {
    request: (request) => {
      each.requests++;
      return transport.request(request);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A way to a server that is far away and does not know what `Prefer: wait` means. */
function remote(transport: Transport): Transport {
  return {
    request: async (request) => {
      await pause(distanceMs);
      const entries = Object.entries(request.headers).filter(([name]) => name !== 'prefer');
      const response = await transport.request({ ...request, headers: Object.fromEntries(entries) });
      await pause(distanceMs);
      return response;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
