import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { MediaType } from '../../../uforge/codec/codec.ts';
import { UForgeError } from '../../../uforge/errors.ts';
import { allOperations, type Operation } from '../../../uforge/operations.ts';
import { decodePercent } from '../../../uforge/percent.ts';
import { isDiskFull, systemSentence } from '../../../uforge/systemError.ts';
import type { Forge } from '../../process/forge.ts';
import { urisOf } from '../answers/uris.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import { keyedOperations, keptOperations, routes } from '../routes/index.ts';
import { logOf, logPath } from '../routes/log.ts';
import type { Call } from '../routes/route.ts';
import { ourKeys } from '../../../appliance/template/model/ourKeys.ts';
import { loopbackAt, reachedAs, type Listening } from '../../process/listening.ts';
import type { TlsIdentity } from '../../process/tlsFiles.ts';
import { apiVersion } from '../../process/version.ts';
import type { UserRecord } from '../../store/userStore.ts';
import { Guesses } from '../../accounts/passwordGuesses.ts';
import type { Answer } from './answer.ts';
import { Authentication, checkEntitled, type Acting, type Session } from './authentication.ts';
import { bounded, drain, readDto } from './body.ts';
import { Changes } from './changes.ts';
import { ClientLimits } from './clientLimits.ts';
import { held } from './hold.ts';
import { KeptAnswers } from './keptAnswers.ts';
import type { Metrics } from './metrics.ts';
import { negotiate, wantsText } from './negotiate.ts';
import { networkOf, Peers } from './peer.ts';
import { readinessOf } from './readiness.ts';
import { refuse } from './refuse.ts';
import { respond } from './respond.ts';
import { Router, type Match } from './router.ts';
import { checkSite } from './site.ts';
import { claimsOf, pathBelow, rootContext, safely, targetOf } from './target.ts';
import unservedOperations from './unservedOperations.json' with { type: 'json' };

export interface ForgeServerInit {
  readonly forge: Forge;
  /** The user it is started for. */
  readonly session: Session;
  /** Where and for whom it answers; any free port of 127.0.0.1 unless given. */
  readonly listening?: Listening;
  /** What it shows where it speaks TLS. */
  readonly tls?: TlsIdentity;
  readonly metrics?: Metrics;
  /** Told of each request that may have changed something. */
  readonly onChange?: (entry: AuditEntry) => void;
  /** An unexpected error: for the forge's own log, without secrets. */
  readonly onError: (error: unknown) => void;
}

/** The API over HTTP: on 127.0.0.1, or with TLS where it was told to listen. */
export class ForgeServer implements AsyncDisposable {
  readonly #init: ForgeServerInit;
  readonly #listening: Listening;
  readonly #server: Server | TlsServer;
  readonly #peers: Peers;
  readonly #limits: ClientLimits;
  readonly #router = new Router<Operation | Unserved>([...allOperations, ...unserved]);
  readonly #keptAnswers: KeptAnswers<Answer>;
  readonly #changes: Changes;
  readonly #guesses: Guesses;
  readonly #authentication: Authentication;
  #port = 0;
  #open = 0;
  #lastActivity: number;

  constructor(init: ForgeServerInit) {
    this.#init = init;
    this.#listening = init.listening ?? loopbackAt(0);
    this.#peers = new Peers(this.#listening);
    this.#limits = new ClientLimits(this.#listening.requestsPerSecond, init.forge.clock);
    this.#guesses = new Guesses(init.forge.clock);
    this.#authentication = new Authentication({
      users: init.forge.users,
      apiKeys: init.forge.apiKeys,
      session: init.session,
      guesses: this.#guesses,
    });
    this.#keptAnswers = new KeptAnswers(() => init.forge.revision);
    this.#changes = new Changes(() => init.forge.revision, init.forge.clock);
    this.#lastActivity = init.forge.clock.now();
    const serve = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#serve(request, response);
    this.#server =
      init.tls === undefined
        ? createServer(serve)
        : createTlsServer({ ...init.tls, minVersion: 'TLSv1.2', handshakeTimeout: 20_000 }, serve);
    this.#server.on('connection', (socket: Socket) => this.#peers.admit(socket));
    // An archive may take its time; silence may not.
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = 20_000;
    this.#server.timeout = 120_000;
  }

  /** Base URL of the API, without a slash at its end. */
  get url(): string {
    const scheme = this.#init.tls === undefined ? 'http' : 'https';
    return `${scheme}://${reachedAs(this.#listening)}:${this.#port}${rootContext}`;
  }

  /** When the last request ended, ms since 1970; now while one is going on. */
  get lastActivity(): number {
    return this.#open > 0 ? this.#init.forge.clock.now() : this.#lastActivity;
  }

  /** Somebody is about to ask: the idle time begins anew. */
  touch(): void {
    this.#lastActivity = this.#init.forge.clock.now();
  }

  /** From now on new connections are shown this certificate. */
  renew(tls: TlsIdentity): void {
    if ('setSecureContext' in this.#server) this.#server.setSecureContext({ ...tls, minVersion: 'TLSv1.2' });
  }

  async listen(): Promise<void> {
    const { address, port } = this.#listening;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: address, port, exclusive: true }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
    this.#guesses[Symbol.dispose]();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#open++;
    let mediaType: MediaType = 'application/xml';
    const arrived: Arrived = {
      address: this.#peers.addressOf(request),
      user: undefined,
      supervisor: undefined,
    };
    try {
      response.setHeader('version', apiVersion);
      response.setHeader('template-keys', ourKeys.join(', '));
      response.setHeader('content-language', 'en');
      response.setHeader('x-content-type-options', 'nosniff');
      this.#take(`address ${networkOf(arrived.address)}`);
      if (await this.#operatorsPage(request, response, arrived)) return;
      checkSite(request.headers, this.#listening, this.#port);
      mediaType = safely(() => negotiate(request.headers.accept)) ?? mediaType;
      await this.#answer(request, response, arrived);
    } catch (error) {
      await drain(request);
      try {
        this.#fail(request, response, error, mediaType);
      } catch (failure) {
        this.#init.onError(failure);
        response.destroy();
      }
    } finally {
      this.#open--;
      this.touch();
      this.#tell(request, response, arrived);
    }
  }

  /** @throws {Refusal} 429 */
  #take(client: string): void {
    if (this.#limits.take(client)) return;
    throw new Refusal('ERROR.REQUEST.TOO_MANY', sentence`Too many requests. Try again in a moment.`, {
      headers: { 'retry-after': '1' },
    });
  }

  #tell(request: IncomingMessage, response: ServerResponse, { address, user, supervisor }: Arrived): void {
    const { method = '' } = request;
    this.#init.metrics?.answered(method, response.statusCode);
    if (/^(GET|HEAD|OPTIONS)$/.test(method)) return;
    this.#init.onChange?.({
      ...{ user: user?.login, supervisor: supervisor?.login, address, method },
      // The query may have keys.
      ...{ path: targetOf(request).path, status: response.statusCode },
    });
  }

  /** What the one who runs the forge asks, beside the API: is it ready, and what has it measured? */
  async #operatorsPage(
    request: IncomingMessage,
    response: ServerResponse,
    arrived: Arrived,
  ): Promise<boolean> {
    const { path } = targetOf(request);
    const { metrics, forge } = this.#init;
    if (request.method !== 'GET' || (path !== '/status' && path !== '/metrics')) return false;
    if (path === '/status') {
      const readiness = await readinessOf(forge);
      response.writeHead(readiness.ready ? 200 : 503, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(readiness)}\n`);
      return true;
    }
    if (metrics === undefined) return false;
    await this.#authenticate(request, arrived);
    response.setHeader('content-type', metrics.mimeType);
    response.end(await metrics.text());
    return true;
  }

  async #answer(request: IncomingMessage, response: ServerResponse, arrived: Arrived): Promise<void> {
    const target = targetOf(request);
    const path = pathBelow(target.path);
    const log = logPath.exec(path);
    if (log !== null && (request.method === 'GET' || request.method === 'HEAD')) {
      const { user } = await this.#authenticate(request, arrived);
      const owner = this.#ownerOf(decodePercent(log[1] ?? ''), user);
      const answer = logOf(this.#init.forge, owner, log[2] ?? '', log[3] ?? '');
      await respond(request, response, answer, {
        success: 200,
        mediaType: 'application/xml',
        now: this.#now(),
      });
      return;
    }
    const routed = this.#router.route(request.method ?? '', path);
    if (routed === undefined) {
      await this.#authenticate(request, arrived);
      throw notFound(sentence`There is nothing at ${target.path}.`);
    }
    if ('allow' in routed) {
      const allow = routed.allow.join(', ');
      if (request.method === 'OPTIONS') {
        response.writeHead(204, { allow }).end();
        return;
      }
      throw new Refusal(
        'ERROR.REQUEST.METHOD',
        sentence`${request.method ?? ''} is not possible here, only ${allow}.`,
        {
          headers: { allow },
        },
      );
    }
    const { operation, params } = routed;
    if (!('success' in operation)) {
      await this.#authenticate(request, arrived);
      throw notServed(operation.name);
    }
    const { user, supervisor } = await this.#actingOf(request, operation, arrived);
    const owner = this.#ownerOf(params['uid'], user);
    if (user !== undefined) checkEntitled(user, operation.entitlements ?? []);
    if (operation.name === 'uforgeStatus_get' && wantsText(request.headers.accept)) {
      const load = this.#init.forge.generations.load;
      const body = Buffer.from(`alive=true\nversion=${apiVersion}\nserviceLoad=${load}\n`);
      const text = { kind: 'bytes', body, mimeType: 'text/plain; charset=utf-8' } as const;
      const manner = { success: 200, mediaType: 'application/xml', now: this.#now() } as const;
      await respond(request, response, text, manner);
      return;
    }
    // Before the answer is made: what changes meanwhile is newer than the date says, never older.
    const lastChanged = operation.method === 'GET' ? this.#init.forge.lastChanged : undefined;
    const mediaType = operation.responseBytes ? 'application/xml' : negotiate(request.headers.accept);
    const answer = await this.#route(
      request,
      response,
      target.query,
      { operation, params },
      { user, supervisor, owner },
      mediaType,
    );
    await drain(request);
    const { success } = operation;
    await respond(request, response, answer, { success, mediaType, now: this.#now(), lastChanged });
  }

  async #route(
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
    { operation, params }: Match<Operation>,
    { user, supervisor, owner }: Pick<Call, 'user' | 'supervisor' | 'owner'>,
    mediaType: MediaType,
  ): Promise<Answer> {
    const route = routes[operation.name];
    if (route === undefined) throw notServed(operation.name);
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableEnded) gone.abort(new Error('The client has gone.'));
    });
    const call: Call = {
      forge: this.#init.forge,
      uris: urisOf(owner.login),
      user,
      supervisor,
      owner,
      query,
      host: request.headers.host ?? '',
      signal: gone.signal,
      param: (name) => params[name] ?? '',
      body: (root) => readDto(request, root),
      bytes: (limit) => bounded(request, limit),
    };
    if (!keptOperations.has(operation.name)) return await route(call);
    const answerNow = (): Promise<Answer> =>
      this.#keptAnswers.get(`${user?.id ?? ''} ${request.url ?? ''}`, () => route(call));
    return await held(request, response, mediaType, answerNow, this.#changes, gone.signal);
  }

  /**
   * Anonymous operations need no credentials; wrong ones are refused there too, so `/status` can check them.
   */
  async #actingOf(
    request: IncomingMessage,
    operation: Operation,
    arrived: Arrived,
  ): Promise<Pick<Call, 'user' | 'supervisor'>> {
    const mayBeAnybody = operation.anonymous === true || keyedOperations.has(operation.name);
    if (mayBeAnybody && !Authentication.isClaimed(claimsOf(request, networkOf(arrived.address)))) {
      return { user: undefined, supervisor: undefined };
    }
    return await this.#authenticate(request, arrived);
  }

  async #authenticate(request: IncomingMessage, arrived: Arrived): Promise<Acting> {
    const acting = await this.#authentication.actingOf(claimsOf(request, networkOf(arrived.address)));
    Object.assign(arrived, acting);
    this.#take(`user ${(acting.supervisor ?? acting.user).id}`);
    return acting;
  }

  /**
   * Whose things a path is about: the user's own, unless it is a key that opens it. Paths without a user are
   * nobody's.
   */
  #ownerOf(uid: string | undefined, user: UserRecord | undefined): UserRecord {
    if (user !== undefined) {
      if (uid === undefined || uid === user.login) return user;
      throw new Refusal('ERROR.AUTHORIZATION.OTHER_USER', sentence`You are not ${uid}.`, {
        parameters: [uid],
      });
    }
    return (uid === undefined ? undefined : this.#init.forge.users.find(uid)) ?? nobody;
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown, mediaType: MediaType): void {
    if (response.headersSent || response.destroyed) {
      // Half an answer must not look like a whole one.
      response.destroy();
      return;
    }
    let refusal: Refusal;
    if (error instanceof Refusal) refusal = error;
    else if (error instanceof UForgeError && error.kind === 'invalid') {
      refusal = new Refusal('ERROR.REQUEST.BODY', sentence`${error.message}`, { cause: error });
    } else if (isDiskFull(error)) {
      refusal = new Refusal(
        'ERROR.SERVER.DISK_FULL',
        sentence`The disk of the forge is full. Delete images nobody needs any more, or free some of it.`,
        { cause: error },
      );
    } else {
      // The message may name folders of this computer.
      this.#init.onError(error);
      const why = systemSentence(error) ?? sentence`The forge’s log says why.`;
      refusal = new Refusal('ERROR.SERVER.UNEXPECTED', sentence`The forge failed unexpectedly. ${why}`);
    }
    refuse(request, response, refusal, mediaType, this.#now());
  }

  #now(): Date {
    return new Date(this.#init.forge.clock.now());
  }
}

/** Who sends a request, as far as is known by now. */
interface Arrived extends Pick<Call, 'user' | 'supervisor'> {
  readonly address: string;
}

/** A request that may have changed something. */
export interface AuditEntry {
  readonly user: string | undefined;
  readonly supervisor: string | undefined;
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** An operation that is documented, and not in our table. */
interface Unserved {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly isUnserved: true;
}

/**
 * The operations of UForge 3.8 around appliances and images that are not in our table: software, projects,
 * administration (application.wadl). A client can tell their 501 from a wrong path.
 */
const unserved: readonly Unserved[] = Object.entries(unservedOperations).map(([name, row]) => {
  const [method = '', path = ''] = row.split(' ');
  return { name, method, path, isUnserved: true };
});

function notServed(name: string): Refusal {
  return new Refusal('ERROR.OPERATION.NOT_SERVED', sentence`The local forge does not serve ${name}.`, {
    parameters: [name],
  });
}

/** Whose nothing is. */
const nobody: UserRecord = {
  id: 0,
  login: '',
  password: undefined,
  entitlements: new Set(),
  created: new Date(0),
  modified: new Date(0),
};
