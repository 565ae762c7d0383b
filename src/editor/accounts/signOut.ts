import * as vscode from 'vscode';
import { localServer } from '../../tickets/clients.ts';
import { pickOne } from '../inputs.ts';
import { inform } from '../messages.ts';
import type { CredentialStore } from '../server/credentials.ts';
import { hostOf, type Servers, serverIn } from '../server/servers.ts';
import { buildOn, readSettings } from '../settings.ts';

/**
 * Forgets the credentials of a server: the one named, else the one signed in to, else the one the person
 * picks. Its images stay listed, as they were last seen.
 */
export async function signOut(
  argument: unknown,
  servers: Servers,
  credentials: CredentialStore,
): Promise<void> {
  const server = serverIn(argument) ?? (await pickSignedIn(servers));
  if (server === undefined) return;
  await credentials.delete(server);
  const message = vscode.l10n.t('Signed out of {0}.', hostOf(server));
  if (server !== readSettings().serverUrl) {
    void inform(message);
    return;
  }
  const local = vscode.l10n.t('Use the Local Forge');
  void inform(message, local).then((answer) => {
    if (answer === local) return buildOn('');
    return undefined;
  });
}

async function pickSignedIn(servers: Servers): Promise<string | undefined> {
  const known = await Promise.all(
    servers.all.map(async (server) => ({ server, credentials: await servers.signedIn(server) })),
  );
  const items = known
    .filter(({ server, credentials }) => server !== localServer && credentials !== undefined)
    .map(({ server, credentials }) => ({
      server,
      label: hostOf(server),
      description: credentials?.login ?? '',
      iconPath: new vscode.ThemeIcon('account'),
    }));
  if (items.length === 0) {
    void inform(vscode.l10n.t('You are signed in nowhere. The local forge needs no account.'));
    return undefined;
  }
  if (items.length === 1) return items[0]?.server;
  const title = vscode.l10n.t('Sign Out');
  const placeHolder = vscode.l10n.t('Server to sign out of');
  return (await pickOne(items, { title, placeHolder }))?.server;
}
