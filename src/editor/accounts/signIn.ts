import * as vscode from 'vscode';
import { uidOfLogin, type Authorizer } from '../../uforge/authorizer.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Clock } from '../../uforge/clock.ts';
import { UForgeError } from '../../uforge/errors.ts';
import { ActionableError, runs, type ErrorReporter } from '../errors.ts';
import { inform, warn } from '../messages.ts';
import { withProgress } from '../progress.ts';
import { authorizerFor, type Credentials, type CredentialStore } from '../server/credentials.ts';
import { proxySettings } from '../server/proxySettings.ts';
import { hostOf } from '../server/servers.ts';
import { openTransport } from '../server/transport.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';
import { buildOn, caFilesFor, readSettings, serverSetting, writeServer } from '../settings.ts';
import { askCertificate } from './askCertificate.ts';
import {
  addressesFor,
  askLogin,
  askSecret,
  askServer,
  mayUsePlainHttp,
  normalized,
} from './signInQuestions.ts';
import { messageOf } from '../../uforge/messageOf.ts';

/** The UForge that Appliance Forge was made for; others are told about and used all the same. */
const knownVersion = '3.8';

/** What a caller (another extension, a test) may hand to the command; everything missing is asked for. */
interface SignInArguments {
  readonly server?: string;
  /** What the question for the login proposes; the one of the settings unless given. */
  readonly login?: string;
  readonly credentials?: Credentials;
  /** SHA-256 of a certificate the caller vouches for, as a browser shows it. */
  readonly fingerprint?: string;
}

export interface SignInContext {
  readonly credentials: CredentialStore;
  /** PEM of the one certificate a person has trusted, by the server it is of. */
  readonly trust: RememberedTexts;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
}

/** Who vouches for a server, as a person has judged. */
interface Trust {
  readonly caFile?: string;
  readonly pinnedPem?: string;
}

/** What has been found out about a server on the way. */
interface Reached extends Trust {
  /** Base URL, without a slash at its end. */
  readonly server: string;
  readonly isUForge: boolean;
}

/**
 * Signs in to a UForge AppCenter: asks for the address, has its certificate judged if nobody vouches for it,
 * asks for the login and a password or an API key pair, tries them (user_get), and stores them only when the
 * server takes them. New images are built there from then on. Resolves with its address when it got that far.
 */
export async function signIn(argument: unknown, context: SignInContext): Promise<string | undefined> {
  const given: SignInArguments = typeof argument === 'object' && argument !== null ? argument : {};
  const reached =
    given.server === undefined
      ? await askAndReach(given, context)
      : await reachFirst([normalized(given.server)], given, context);
  if (reached === undefined) return undefined;
  const { server } = reached;
  const tried = given.credentials ?? (await askCredentials(server, given.login));
  if (tried === undefined) return undefined;
  const version = await tryCredentials(server, tried, reached, context).catch((error: unknown) => {
    throw given.credentials === undefined ? againWith(server, tried.login, error) : error;
  });
  if (version === undefined) return undefined;
  await context.trust.set(server, reached.pinnedPem);
  await context.credentials.set(server, tried);
  const caFile = reached.caFile ?? serverSetting(server)?.caFile;
  await writeServer({ url: server, login: tried.login, ...(caFile !== undefined && { caFile }) });
  await buildOn(server);
  announce(server, tried.login, version);
  return server;
}

/** Whoever mistyped a password types a password again, not the address and the login as well. */
function againWith(server: string, login: string, error: unknown): unknown {
  if (!(error instanceof UForgeError) || error.kind !== 'authentication') return error;
  const again = runs(vscode.l10n.t('Try Again'), 'signIn', { server, login });
  return new ActionableError(messageOf(error), [again], { cause: error });
}

async function askCredentials(server: string, known?: string): Promise<Credentials | undefined> {
  const login = await askLogin(server, known ?? serverSetting(server)?.login ?? '');
  return login === undefined ? undefined : askSecret(server, login);
}

/** Asks for the address until a server answers there: who mistyped it corrects it. */
async function askAndReach(given: SignInArguments, context: SignInContext): Promise<Reached | undefined> {
  let typed: string | undefined = readSettings().serverUrl;
  let failure = '';
  for (;;) {
    typed = await askServer(typed, failure);
    if (typed === undefined) return undefined;
    try {
      return await reachFirst(addressesFor(typed), given, context);
    } catch (error) {
      context.errors.note('Looking for a server', error);
      failure = messageOf(error);
    }
  }
}

/**
 * The first of these addresses that has a UForge, else the first that answers at all: servers before 3.4 do not say what
 * they are. Nothing when the person gives up.
 * @throws why the first of them does not answer
 */
async function reachFirst(
  addresses: readonly string[],
  given: SignInArguments,
  context: SignInContext,
): Promise<Reached | undefined> {
  let answers: Reached | undefined;
  let failure: unknown;
  const silent = new Set<string>();
  for (const server of addresses) {
    if (silent.has(placeOf(server))) continue;
    if (answers !== undefined && new URL(server).protocol !== new URL(answers.server).protocol) break;
    if (!(await mayUsePlainHttp(server))) {
      if (failure === undefined) return undefined;
      break;
    }
    try {
      const reached = await reach(server, given, context);
      if (reached === undefined || reached.isUForge) return reached;
      answers ??= reached;
    } catch (error) {
      failure ??= error;
      // Where nobody is, nobody is under another path or scheme either.
      if (error instanceof UForgeError && error.kind !== 'tls') silent.add(placeOf(server));
    }
  }
  if (answers === undefined) throw failure;
  return answers;
}

/** Host and port. */
function placeOf(server: string): string {
  const { hostname, port, protocol } = new URL(server);
  return `${hostname}:${port === '' ? protocol : port}`;
}

/** Makes sure the server answers before anybody types a password. Nothing when the person gives up. */
async function reach(
  server: string,
  given: SignInArguments,
  context: SignInContext,
): Promise<Reached | undefined> {
  let trust: Trust = {};
  for (;;) {
    const title = vscode.l10n.t('Looking for {0}', hostOf(server));
    const tried = trust;
    try {
      const outcome = await withProgress(title, (_report, signal) =>
        withClient(server, anonymous, tried, context, (client) => probe(client, signal)),
      );
      return outcome.kind === 'cancelled' ? undefined : { ...trust, server, isUForge: outcome.value };
    } catch (error) {
      const better = await judged(server, error, given);
      if (better === undefined) return undefined;
      trust = better;
    }
  }
}

/** Whether a UForge says that it is one. @throws when nothing answers */
async function probe(client: UForgeClient, signal: AbortSignal): Promise<boolean> {
  try {
    await client.uforgeStatus_get({}, { signal, timeoutMs: 15_000 });
    return true;
  } catch (error) {
    const unreachable = !(error instanceof UForgeError) || ['network', 'timeout', 'tls'].includes(error.kind);
    if (unreachable) throw error;
    return false;
  }
}

/** @throws the error when it is not about a certificate nobody vouches for */
async function judged(server: string, error: unknown, given: SignInArguments): Promise<Trust | undefined> {
  const { certificateOf, isUnknownCertificate } = await import('../../uforge/transport/certificate.ts');
  if (!isUnknownCertificate(error)) throw error;
  const url = new URL(server);
  const certificate = await certificateOf(url, { proxy: proxySettings(url).proxy });
  if (given.fingerprint !== undefined) {
    if (given.fingerprint.toUpperCase() !== certificate.fingerprint) throw error;
    return { pinnedPem: certificate.pem };
  }
  const judgement = await askCertificate(hostOf(server), certificate);
  if (judgement === undefined) return undefined;
  return judgement.kind === 'trust' ? { pinnedPem: certificate.pem } : { caFile: judgement.path };
}

/** Resolves with the server's version, empty when it does not say; nothing when the person cancelled. */
async function tryCredentials(
  server: string,
  tried: Credentials,
  reached: Trust,
  context: SignInContext,
): Promise<string | undefined> {
  const title = vscode.l10n.t('Signing in to {0}', hostOf(server));
  const outcome = await withProgress(title, (_report, signal) => {
    const access = { uid: uidOfLogin(tried.login), authorizer: authorizerFor(tried) };
    return withClient(server, access, reached, context, async (client) => {
      await client.user_get({}, { signal });
      return client.serverVersion ?? '';
    });
  });
  return outcome.kind === 'cancelled' ? undefined : outcome.value;
}

interface Access {
  readonly uid: string;
  readonly authorizer: Authorizer;
}

const anonymous: Access = {
  uid: 'anonymous',
  authorizer: {
    authorize: (relativeUri) => ({ relativeUri, headers: {} }),
    redact: (text) => text,
  },
};

async function withClient<T>(
  server: string,
  access: Access,
  { caFile, pinnedPem }: Trust,
  { clock }: SignInContext,
  work: (client: UForgeClient) => Promise<T>,
): Promise<T> {
  const { createClient } = await import('../../uforge/client/client.ts');
  const trust = { caFiles: caFilesFor(server, caFile), pinnedPem };
  await using transport = await openTransport(new URL(server), trust);
  return await work(
    createClient({ baseUrl: server, ...access, transport, clock, language: vscode.env.language }),
  );
}

function announce(server: string, login: string, version: string): void {
  const host = hostOf(server);
  if (version === '' || version.startsWith(`${knownVersion}.`) || version === knownVersion) {
    const message = vscode.l10n.t('Signed in to {0} as {1}. New images are built there.', host, login);
    void inform(message);
    return;
  }
  void warn(
    vscode.l10n.t(
      'Signed in to {0} as {1}. It runs UForge {2}, and Appliance Forge was made for {3}: most things should work.',
      host,
      login,
      version,
      knownVersion,
    ),
  );
}
