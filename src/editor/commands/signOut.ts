import * as vscode from 'vscode';
import type { CredentialStore } from '../server/credentials.ts';
import { hostOf } from '../server/servers.ts';
import { readSettings } from '../settings.ts';
import { useLocalForge } from './useLocalForge.ts';

/** Forgets the credentials of the server in the settings. Its images stay listed, as they were last seen. */
export async function signOut(credentials: CredentialStore): Promise<void> {
  const { serverUrl } = readSettings();
  if (serverUrl === '') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Images are built by the local forge, which needs no account.'),
    );
    return;
  }
  await credentials.delete(serverUrl);
  const local = vscode.l10n.t('Use the Local Forge');
  const message = vscode.l10n.t('Signed out of {0}.', hostOf(serverUrl));
  void vscode.window.showInformationMessage(message, local).then((answer) => {
    if (answer === local) return useLocalForge();
    return undefined;
  });
}
