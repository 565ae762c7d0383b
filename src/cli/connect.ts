import { X509Certificate } from 'node:crypto';
import { delimiter } from 'node:path';
import { launchForge } from '../forge/process/launch.ts';
import { localServer, type Clients } from '../tickets/clients.ts';
import { apiKeyAuthorizer, basicAuthorizer, uidOfLogin, type Authorizer } from '../uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../uforge/client/client.ts';
import type { Clock } from '../uforge/clock.ts';
import { proxyFor } from '../uforge/proxy.ts';
import { createUndiciTransport } from '../uforge/transport/undiciTransport.ts';
import type { GenerateArguments } from './arguments.ts';
import type { Environment } from './environment.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import { variables } from '../generate/variables.ts';
import { readTrust, type TrustOptions } from '../uforge/transport/authorities.ts';
import { Failure } from './failure.ts';

/** A server to work with, until disposed of. */
export interface Server extends AsyncDisposable {
  /** What its tickets carry. */
  readonly name: string;
  readonly clients: Clients;
}

/** What a person calls it. */
export function labelOf({ name }: Server): string {
  return name === localServer ? 'local forge' : new URL(name).host;
}

/**
 * Chooses the server the arguments name. Does not connect yet. @throws {Failure} when credentials are missing
 */
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
  const proxy = proxyFor(new URL(server), { env });
  const transport = createUndiciTransport({ ...(proxy && { proxy }), ...(await trustFrom(env)) });
  const client = createClient({ baseUrl: server, uid: uidOfLogin(user), authorizer, transport, clock });
  return {
    name: client.baseUrl.href.replace(/\/$/, ''),
    clients: () => Promise.resolve(client),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** Secrets come from the environment only: other users can read a command line. */
function authorizerFrom(user: string, env: Environment['env']): Authorizer {
  const password = env[variables.password] ?? '';
  const apiKey = env[variables.apiKey] ?? '';
  const secretKey = env[variables.secretKey] ?? '';
  if (apiKey !== '' && secretKey !== '') return apiKeyAuthorizer(apiKey, secretKey);
  if (password === '' || apiKey !== '' || secretKey !== '') {
    throw new Failure(
      exitCodes.input,
      `Set ${variables.password}, or both ${variables.apiKey} and ${variables.secretKey}, in the environment.`,
    );
  }
  if (user.includes(':')) throw new Failure(exitCodes.input, 'A login can’t contain a colon.');
  return basicAuthorizer(user, password);
}

/** Who vouches for the server, besides this computer's authorities. */
async function trustFrom(env: Environment['env']): Promise<TrustOptions> {
  const caFiles = (env[variables.caFiles] ?? '').split(delimiter).filter((file) => file !== '');
  const pinnedPem = env[variables.certificate] ?? '';
  const trust = await readTrust({ caFiles, pinnedPem }, (file, error) => {
    const message = `The file of ${variables.caFiles} can’t be read: ${file}.`;
    return new Failure(exitCodes.input, message, String(error));
  });
  if (pinnedPem !== '') {
    try {
      new X509Certificate(pinnedPem);
    } catch (error) {
      const message = `${variables.certificate} is no certificate. Give it as PEM text.`;
      throw new Failure(exitCodes.input, message, String(error));
    }
  }
  return trust;
}
