import { readFile } from 'node:fs/promises';
import { launchForge } from '../forge/launch.ts';
import type { Clients } from '../tickets/look.ts';
import { apiKeyAuthorizer, basicAuthorizer, uidOfLogin, type Authorizer } from '../uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../uforge/client.ts';
import type { Clock } from '../uforge/clock.ts';
import { proxyFor } from '../uforge/proxy.ts';
import { createUndiciTransport } from '../uforge/undiciTransport.ts';
import type { GenerateArguments } from './arguments.ts';
import type { Environment } from './environment.ts';
import { exitCodes } from '../headless/exitCodes.ts';
import { Failure } from './failure.ts';

/** A server to work with, until disposed of. */
export interface Server extends AsyncDisposable {
  /** What its tickets carry. */
  readonly name: string;
  readonly isLocal: boolean;
  readonly clients: Clients;
}

/** What tickets of the local forge carry: its address is another one each time it starts. */
const localServer = 'http://local-forge.localhost/api';

/** Chooses the server the arguments name. Does not connect yet. @throws {Failure} when credentials are missing */
export async function openServer(
  args: Pick<GenerateArguments, 'server' | 'user'>,
  environment: Environment,
  clock: Clock,
): Promise<Server> {
  return args.server === '' ? openLocal(environment, clock) : openRemote(args, environment.env, clock);
}

function openLocal({ env, dataDir, forgeScript }: Environment, clock: Clock): Server {
  const transport = createUndiciTransport();
  const cacheDir = env['FORGE_CACHE'] ?? '';
  let known: { readonly url: string; readonly client: UForgeClient } | undefined;
  return {
    name: localServer,
    isLocal: true,
    // Asked every time: a forge that was killed is started again, and says what became of its tickets.
    async clients(_server, signal) {
      const { url, user, password } = await launchForge({
        script: forgeScript,
        dataDir,
        ...(cacheDir !== '' && { cacheDir }),
        ...(signal && { signal }),
      });
      if (known?.url !== url) {
        const authorizer = basicAuthorizer(user, password);
        known = { url, client: createClient({ baseUrl: url, uid: user, authorizer, transport, clock }) };
      }
      return known.client;
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

async function openRemote(
  { server, user }: Pick<GenerateArguments, 'server' | 'user'>,
  env: Environment['env'],
  clock: Clock,
): Promise<Server> {
  const authorizer = authorizerFrom(user, env);
  const caFile = env['APPLIANCE_FORGE_CA_FILE'] ?? '';
  const caPem = caFile === '' ? undefined : await readCa(caFile);
  const proxy = proxyFor(new URL(server), { env });
  const transport = createUndiciTransport({
    ...(proxy && { proxy }),
    ...(caPem !== undefined && { caPem }),
  });
  const client = createClient({ baseUrl: server, uid: uidOfLogin(user), authorizer, transport, clock });
  return {
    name: client.baseUrl.href.replace(/\/$/, ''),
    isLocal: false,
    clients: () => Promise.resolve(client),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** Secrets come from the environment only: other users can read a command line. */
function authorizerFrom(user: string, env: Environment['env']): Authorizer {
  const password = env['APPLIANCE_FORGE_PASSWORD'] ?? '';
  const apiKey = env['APPLIANCE_FORGE_API_KEY'] ?? '';
  const secretKey = env['APPLIANCE_FORGE_SECRET_KEY'] ?? '';
  if (apiKey !== '' && secretKey !== '') return apiKeyAuthorizer(apiKey, secretKey);
  if (password === '' || apiKey !== '' || secretKey !== '') {
    throw new Failure(
      exitCodes.input,
      'Set APPLIANCE_FORGE_PASSWORD, or both APPLIANCE_FORGE_API_KEY and APPLIANCE_FORGE_SECRET_KEY, in the environment.',
    );
  }
  if (user.includes(':')) throw new Failure(exitCodes.input, 'A login can’t contain a colon.');
  return basicAuthorizer(user, password);
}

async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const message = `The file of APPLIANCE_FORGE_CA_FILE can’t be read: ${file}.`;
    throw new Failure(exitCodes.input, message, String(error));
  }
}
