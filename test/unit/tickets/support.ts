import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { TicketStore, type TicketChange } from '../../../src/tickets/store.ts';
import type { Ticket } from '../../../src/tickets/ticket.ts';
import type { Clock } from '../../../src/uforge/clock.ts';
import { encodeXml } from '../../../src/uforge/codec/codec.ts';
import type { DtoOfRoot, Image, OpStatus, RootName } from '../../../src/uforge/dto.ts';
import { listen, type Loopback, type Received } from '../uforge/support.ts';

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 1, 12);
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  readonly #waiters: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    for (const waiter of this.#waiters.splice(0)) waiter();
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Waits until something is scheduled, goes there and runs it. Resolves with how long that was, ms. */
  async next(): Promise<number> {
    while (this.#timers.size === 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    const [first] = [...this.#timers].sort((a, b) => a.at - b.at);
    const waited = first!.at - this.#now;
    this.#now = first!.at;
    this.#timers.delete(first!);
    first!.callback();
    return waited;
  }

  /** Moves on without running anything. */
  pass(ms: number): void {
    this.#now += ms;
  }
}

export function ticket(overrides: Partial<Ticket> = {}): Ticket {
  return {
    server: 'http://forge/api',
    uid: 'guest',
    uri: 'users/guest/appliances/7/images/12',
    aid: '7',
    itid: '12',
    applianceUri: 'users/guest/appliances/7',
    applianceName: 'nginx',
    applianceVersion: '1.0',
    targetFormat: 'VirtualBox',
    state: 'running',
    percentage: 10,
    message: 'Fetching packages',
    created: '2026-01-01T11:00:00.000Z',
    changed: '2026-01-01T11:00:00.000Z',
    downloadable: false,
    simulated: false,
    ...overrides,
  };
}

/** A store that keeps nothing, and what it told. */
export function memoryStore(...tickets: readonly Ticket[]): { store: TicketStore; changes: TicketChange[] } {
  const store = new TicketStore({ load: () => tickets, save: () => Promise.resolve() }, (error) => {
    throw error;
  });
  const changes: TicketChange[] = [];
  store.onDidChange((change) => changes.push(change));
  return { store, changes };
}

/** Images on a real server, which answers as UForge does and can be made to fail. */
export class ImageServer implements AsyncDisposable {
  readonly images = new Map<string, Image>();
  /** Said instead of an answer, while it is set. */
  failure: { readonly status: number } | 'hang up' | undefined;
  /** Says that it holds requests, as the forge does, although it answers at once. */
  claimsToHold = false;
  /** Called before every answer. */
  before: (request: Received) => unknown = () => undefined;
  #loopback!: Loopback;

  static async start(): Promise<ImageServer> {
    const server = new ImageServer();
    server.#loopback = await listen(async (request, response) => {
      await server.before(request);
      server.#handle(request, response);
    });
    return server;
  }

  get url(): string {
    return this.#loopback.url;
  }

  /** `GET images/status?…` and the like: what it was asked, without the base path and the user. */
  get asked(): readonly string[] {
    return this.#loopback.received.map(
      ({ method, url }) => `${method} ${url.replace('/api/users/guest/', '')}`,
    );
  }

  get received(): readonly Received[] {
    return this.#loopback.received;
  }

  set(itid: string, status: OpStatus, image: Partial<Image> = {}): void {
    const uri = `users/guest/appliances/7/images/${itid}`;
    const old = this.images.get(itid);
    this.images.set(itid, {
      uri,
      compress: true,
      created: new Date('2026-01-01T11:00:00Z'),
      targetFormat: { name: 'VirtualBox' },
      ...old,
      ...image,
      status: { parentUri: uri, ...status },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loopback[Symbol.asyncDispose]();
  }

  #handle(request: Received, response: ServerResponse): void {
    if (this.failure === 'hang up') response.destroy();
    else if (this.failure !== undefined) this.#fail(response, this.failure.status);
    else this.#answer(request, response);
  }

  #answer({ method, url, headers }: Received, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'http://forge');
    const path = pathname.replace('/api/users/guest/', '');
    const ifNoneMatch = headers['if-none-match'];
    if (this.claimsToHold) response.setHeader('preference-applied', 'wait=20');
    const send = <R extends RootName>(root: R, dto: DtoOfRoot<R>, status = 200): void => {
      const text = encodeXml(root, dto);
      const etag = `"${createHash('md5').update(text).digest('hex')}"`;
      if (etag === ifNoneMatch) response.writeHead(304, { etag }).end();
      else response.writeHead(status, { 'content-type': 'application/xml', etag }).end(text);
    };
    const image = this.images.get(/^appliances\/7\/images\/(\d+)/.exec(path)?.[1] ?? '');
    if (method === 'GET' && path === 'images/status') {
      const wanted = searchParams.getAll('img');
      const all = [...this.images.values()];
      const chosen = wanted.length === 0 ? all : all.filter(({ uri }) => wanted.includes(uri!));
      send('statuses', { statuses: chosen.map(({ status }) => status!) });
    } else if (method === 'GET' && path === 'appliances') {
      send('appliances', { appliances: [appliance] });
    } else if (method === 'GET' && path === 'appliances/7') {
      send('appliance', appliance);
    } else if (method === 'GET' && path === 'appliances/7/images') {
      send('images', { images: [...this.images.values()] });
    } else if (method === 'POST' && path === 'appliances/7/images') {
      this.set('99', { percentage: 0, message: 'Waiting' });
      send('image', this.images.get('99')!, 201);
    } else if (image === undefined) {
      this.#fail(response, 404);
    } else if (method === 'DELETE' && path.endsWith('/status')) {
      if (image.status?.complete === true) this.#fail(response, 409);
      else {
        this.set(path.split('/')[3]!, { cancelled: true, message: 'Cancelled' });
        send('status', this.images.get(path.split('/')[3]!)!.status!);
      }
    } else if (method === 'DELETE') {
      this.images.delete(path.split('/')[3]!);
      response.writeHead(204).end();
    } else if (method === 'POST') {
      if (searchParams.get('force') === 'true') this.set(path.split('/')[3]!, { cancelled: true });
      this.set('99', { percentage: 0, message: 'Waiting' });
      send('image', this.images.get('99')!, 201);
    } else {
      send('image', image);
    }
  }

  #fail(response: ServerResponse, statusCode: number): void {
    const message = `It is ${statusCode}.`;
    const text = encodeXml('uforgeError', { statusCode, localizedErrorMsg: { message, messageId: 'TEST' } });
    response.writeHead(statusCode, { 'content-type': 'application/xml' }).end(text);
  }
}

const appliance = { uri: 'users/guest/appliances/7', name: 'nginx', version: '1.0' };
