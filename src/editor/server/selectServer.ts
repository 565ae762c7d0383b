import * as vscode from 'vscode';
import { localServer } from '../../tickets/clients.ts';
import { commandId } from '../commandIds.ts';
import { openPick, shownItems } from '../inputs.ts';
import { buildOn, readSettings, removeServer } from '../settings.ts';
import type { CredentialStore } from './credentials.ts';
import type { ServerHealth } from './health.ts';
import { hostOf, type Servers } from './servers.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';

interface ServerPick extends vscode.QuickPickItem {
  /** None: a server that is to be added. */
  readonly server?: string;
}

export interface SelectServerContext {
  readonly servers: Servers;
  readonly credentials: CredentialStore;
  /** PEM of the one certificate a person has trusted, by the server it is of. */
  readonly trust: RememberedTexts;
  readonly health: ServerHealth;
}

const signOutButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('sign-out'),
  tooltip: vscode.l10n.t('Sign Out'),
};
const removeButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('trash'),
  tooltip: vscode.l10n.t('Remove Server'),
};

/** The servers, each with what can be done about it. The one picked builds new images from then on. */
export async function selectServer(context: SelectServerContext): Promise<string | undefined> {
  const picked = await pick(context);
  if (picked === undefined) return undefined;
  if (picked.server === undefined) {
    return vscode.commands.executeCommand<string | undefined>(commandId('signIn'), { server: undefined });
  }
  if (picked.server === localServer) await buildOn('');
  else if ((await context.servers.signedIn(picked.server)) !== undefined) await buildOn(picked.server);
  else await vscode.commands.executeCommand(commandId('signIn'), { server: picked.server });
  return picked.server;
}

async function pick(context: SelectServerContext): Promise<ServerPick | undefined> {
  const input = openPick<ServerPick>();
  input.title = vscode.l10n.t('Servers');
  input.placeholder = vscode.l10n.t('Server that builds new images');
  input.matchOnDescription = true;
  input.items = shownItems(await itemsFor(context));
  try {
    return await new Promise<ServerPick | undefined>((resolve) => {
      input.onDidAccept(() => resolve(input.selectedItems[0]));
      input.onDidHide(() => resolve(undefined));
      input.onDidTriggerItemButton(async ({ item, button }) => {
        const { server } = item;
        if (server === undefined) return;
        await context.credentials.delete(server);
        if (button === removeButton) {
          await removeServer(server);
          await context.trust.set(server, undefined);
          context.health.forget(server);
        }
        input.items = shownItems(await itemsFor(context));
      });
      input.show();
    });
  } finally {
    input.dispose();
  }
}

async function itemsFor({ servers, health }: SelectServerContext): Promise<ServerPick[]> {
  const current = readSettings().serverUrl;
  const icon = (server: string): vscode.ThemeIcon =>
    new vscode.ThemeIcon(server === (current === '' ? localServer : current) ? 'check' : 'server');
  const remote = await Promise.all(
    servers.all
      .filter((server) => server !== localServer)
      .map(async (server): Promise<ServerPick> => {
        const credentials = await servers.signedIn(server);
        const login =
          credentials === undefined
            ? vscode.l10n.t('not signed in')
            : vscode.l10n.t('signed in as {0}', credentials.login);
        const offline = health.get(server)?.online === false ? ` · ${vscode.l10n.t('offline')}` : '';
        return {
          server,
          label: hostOf(server),
          description: `${login}${offline}`,
          iconPath: icon(server),
          buttons: credentials === undefined ? [removeButton] : [signOutButton, removeButton],
        };
      }),
  );
  return [
    {
      server: localServer,
      label: vscode.l10n.t('Local Forge'),
      description: vscode.l10n.t('on this computer, no account'),
      iconPath: icon(localServer),
    },
    ...remote,
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: vscode.l10n.t('Add a UForge AppCenter…'), iconPath: new vscode.ThemeIcon('add') },
  ];
}
