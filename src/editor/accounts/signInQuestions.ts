import * as vscode from 'vscode';
import { isPlainHttp } from '../../uforge/plainHttp.ts';
import { parseBaseUrl } from '../../uforge/uris.ts';
import { askInput, pickOne, type InputQuestion, type Warning } from '../inputs.ts';
import { confirmed } from '../messages.ts';
import type { Credentials } from '../server/credentials.ts';
import { hostOf } from '../server/servers.ts';
import { messageOf } from '../../uforge/messageOf.ts';

const steps = 4;

/** The address of a server as it was typed. `failure`: why the one typed before is none. */
export async function askServer(known: string, failure = ''): Promise<string | undefined> {
  const question = vscode.l10n.t('Address of the UForge AppCenter');
  return ask(1, failure === '' ? question : `${failure} ${question}`, {
    value: known,
    placeHolder: 'uforge.example.com',
    wrong: problemWithAddress,
  });
}

/**
 * The addresses somebody may mean who types a part of one, the likeliest first: without a scheme it is https, else http;
 * without a path it is `/api`, as UForge has it, else none.
 */
export function addressesFor(typed: string): readonly string[] {
  const text = typed.trim();
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? [text] : [`https://${text}`, `http://${text}`];
  return whole
    .map(normalized)
    .flatMap((url) => (new URL(url).pathname === '/' ? [`${url}/api`, url] : [url]));
}

export function normalized(address: string): string {
  return parseBaseUrl(address).toString().replace(/\/+$/, '');
}

/** The login on a server. */
export async function askLogin(server: string, known: string): Promise<string | undefined> {
  return ask(2, vscode.l10n.t('Login'), { title: titleOf(2, server), value: known });
}

/** A password or a pair of API keys. */
export async function askSecret(server: string, login: string): Promise<Credentials | undefined> {
  const title = (step: number): string => titleOf(step, server);
  const password = { method: 'password' as const, label: vscode.l10n.t('Password'), iconPath: icon('lock') };
  const apiKey = {
    method: 'apiKey' as const,
    label: vscode.l10n.t('API key pair'),
    description: vscode.l10n.t('public and secret key, as in hammr'),
    iconPath: icon('key'),
  };
  const pick = await pickOne([password, apiKey], {
    title: title(3),
    placeHolder: vscode.l10n.t('How do you sign in?'),
    ignoreFocusOut: true,
  });
  if (pick === undefined) return undefined;
  if (pick.method === 'password') {
    const text = await ask(4, vscode.l10n.t('Password of {0}', login), {
      title: title(4),
      password: true,
    });
    return text === undefined ? undefined : { kind: 'password', login, password: text };
  }
  const publicKey = await ask(4, vscode.l10n.t('Public key'), { title: title(4) });
  if (publicKey === undefined) return undefined;
  const secretKey = await ask(4, vscode.l10n.t('Secret key'), { title: title(4), password: true });
  return secretKey === undefined ? undefined : { kind: 'apiKey', login, publicKey, secretKey };
}

/** Whether the person wants to sign in although others can read the password on the way. */
export async function mayUsePlainHttp(server: string): Promise<boolean> {
  if (!isPlainHttp(new URL(server))) return true;
  const question = vscode.l10n.t('Sign in to {0} without encryption?', hostOf(server));
  return confirmed(question, readOnTheWay(), vscode.l10n.t('Sign In Anyway'));
}

function readOnTheWay(): string {
  return vscode.l10n.t('Over http, others on the network can read what you send, the password too.');
}

/** Plain HTTP is allowed, with a warning: everybody between here and there can read the password. */
function problemWithAddress(value: string): string | Warning | undefined {
  if (value.trim() === '') return vscode.l10n.t('An address like https://uforge.example.com/api');
  try {
    const [likeliest] = addressesFor(value);
    const isPlain = likeliest !== undefined && isPlainHttp(new URL(likeliest));
    return isPlain ? { warning: readOnTheWay() } : undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function icon(name: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name);
}

/** Whoever types a password sees where it goes. */
function titleOf(step: number, server?: string): string {
  return server === undefined
    ? vscode.l10n.t('Sign In ({0}/{1})', step, steps)
    : vscode.l10n.t('Sign In to {0} ({1}/{2})', hostOf(server), step, steps);
}

async function ask(
  step: number,
  prompt: string,
  options: Partial<InputQuestion> = {},
): Promise<string | undefined> {
  const text = await askInput({
    title: titleOf(step),
    prompt,
    ignoreFocusOut: true,
    wrong: (value) => (value.trim() === '' ? vscode.l10n.t('{0} is needed.', prompt) : undefined),
    ...options,
  });
  return options.password === true ? text : text?.trim();
}
