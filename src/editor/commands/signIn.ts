import * as vscode from 'vscode';
import { uidOfLogin } from '../../uforge/authorizer.ts';
import type { Clock } from '../../uforge/clock.ts';
import { parseBaseUrl } from '../../uforge/uris.ts';
import { sentenceOf } from '../errors.ts';
import { withProgress } from '../progress.ts';
import { authorizerFor, type Credentials, type CredentialStore } from '../server/credentials.ts';
import { openTransport } from '../server/transport.ts';
import { readSettings, writeServer } from '../settings.ts';

/** What a caller (another extension, a test) may hand to the command; everything missing is asked for. */
export interface SignInArguments {
  readonly server: string;
  readonly credentials: Credentials;
}

/**
 * Signs in to a UForge AppCenter: asks for the address, the login and a password or an API key pair, tries
 * them (user_get), and stores them only when the server takes them. Says whether it got that far.
 */
export async function signIn(
  argument: unknown,
  credentials: CredentialStore,
  clock: Clock,
): Promise<boolean> {
  const settings = readSettings();
  const entered = isSignIn(argument) ? argument : await askAll(settings.serverUrl, settings.login);
  if (entered === undefined) return false;
  const { server, credentials: tried } = entered;
  const { host } = new URL(server);
  const outcome = await withProgress(vscode.l10n.t('Signing in to {0}', host), async (_report, signal) => {
    const { createClient } = await import('../../uforge/client.ts');
    await using transport = await openTransport(new URL(server), settings.caFile);
    const uid = uidOfLogin(tried.login);
    const client = createClient({ baseUrl: server, uid, authorizer: authorizerFor(tried), transport, clock });
    await client.user_get({}, { signal });
  });
  if (outcome.kind === 'cancelled') return false;
  await credentials.set(server, tried);
  await writeServer(server, tried.login);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Signed in to {0} as {1}. New images are built there.', host, tried.login),
  );
  return true;
}

function isSignIn(argument: unknown): argument is SignInArguments {
  return (
    typeof argument === 'object' && argument !== null && 'server' in argument && 'credentials' in argument
  );
}

async function askAll(knownServer: string, knownLogin: string): Promise<SignInArguments | undefined> {
  const server = await askServer(knownServer);
  if (server === undefined) return undefined;
  const login = await ask(2, vscode.l10n.t('Login'), { value: knownLogin });
  if (login === undefined) return undefined;
  const credentials = await askSecret(login);
  return credentials && { server, credentials };
}

const steps = 4;

async function askServer(known: string): Promise<string | undefined> {
  const text = await ask(1, vscode.l10n.t('Address of the UForge AppCenter'), {
    value: known,
    placeHolder: 'https://uforge.example.com/api',
    validateInput: problemWithAddress,
  });
  return text === undefined ? undefined : parseBaseUrl(text).toString().replace(/\/+$/, '');
}

/** Plain HTTP is allowed, with a warning: everybody between here and there can read the password. */
function problemWithAddress(value: string): string | vscode.InputBoxValidationMessage | undefined {
  if (value.trim() === '') return vscode.l10n.t('An address like https://uforge.example.com/api');
  try {
    const { protocol, hostname } = parseBaseUrl(value);
    if (protocol === 'https:' || /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) return undefined;
    const message = vscode.l10n.t(
      'Over http, others on the network can read what you send, the password too.',
    );
    return { message, severity: vscode.InputBoxValidationSeverity.Warning };
  } catch (error) {
    return sentenceOf(error);
  }
}

async function askSecret(login: string): Promise<Credentials | undefined> {
  const password = { method: 'password' as const, label: vscode.l10n.t('Password'), iconPath: icon('lock') };
  const apiKey = {
    method: 'apiKey' as const,
    label: vscode.l10n.t('API key pair'),
    description: vscode.l10n.t('public and secret key, as in hammr'),
    iconPath: icon('key'),
  };
  const pick = await vscode.window.showQuickPick([password, apiKey], {
    title: titleOf(3),
    placeHolder: vscode.l10n.t('How do you sign in?'),
    ignoreFocusOut: true,
  });
  if (pick === undefined) return undefined;
  if (pick.method === 'password') {
    const text = await ask(4, vscode.l10n.t('Password of {0}', login), { password: true });
    return text === undefined ? undefined : { kind: 'password', login, password: text };
  }
  const publicKey = await ask(4, vscode.l10n.t('Public key'));
  if (publicKey === undefined) return undefined;
  const secretKey = await ask(4, vscode.l10n.t('Secret key'), { password: true });
  return secretKey === undefined ? undefined : { kind: 'apiKey', login, publicKey, secretKey };
}

function icon(name: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name);
}

function titleOf(step: number): string {
  return vscode.l10n.t('Sign In ({0}/{1})', step, steps);
}

async function ask(
  step: number,
  prompt: string,
  options: vscode.InputBoxOptions = {},
): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: titleOf(step),
    prompt,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? vscode.l10n.t('{0} is needed.', prompt) : undefined),
    ...options,
  });
  return options.password === true ? text : text?.trim();
}
