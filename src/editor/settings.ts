import * as vscode from 'vscode';
import type { Action } from './errors.ts';

const section = 'applianceForge';

/** The settings as the extension uses them. */
export interface Settings {
  /** Base URL of the UForge AppCenter, without a slash at its end; empty: the local forge. */
  readonly serverUrl: string;
  readonly login: string;
  /** Shortest and longest time between two looks at the server, in ms. */
  readonly poll: { readonly fastMs: number; readonly slowMs: number };
  /** Folder for downloads; empty: `Downloads` in the home folder. */
  readonly downloadFolder: string;
  /** PEM file with further certificate authorities; empty: none. */
  readonly caFile: string;
  readonly idleMinutes: number;
  /** Whether the MCP server is offered to VS Code besides the language model tools. */
  readonly offersMcpServer: boolean;
}

/** Reads the settings. Those that say where credentials or files go have application scope: a workspace can't set them. */
export function readSettings(): Settings {
  const values = vscode.workspace.getConfiguration(section);
  const text = (name: string): string => values.get<string>(name, '').trim();
  const number = (name: string, otherwise: number, least: number): number => {
    const value = values.get<number>(name, otherwise);
    return Number.isFinite(value) ? Math.max(least, value) : otherwise;
  };
  const fastMs = number('poll.fastSeconds', 2, 1) * 1000;
  return {
    serverUrl: text('server.url').replace(/\/+$/, ''),
    login: text('server.login'),
    poll: { fastMs, slowMs: Math.max(fastMs, number('poll.slowSeconds', 4, 2) * 1000) },
    downloadFolder: text('download.folder'),
    caFile: text('tls.caFile'),
    idleMinutes: number('forge.idleMinutes', 30, 1),
    offersMcpServer: values.get<boolean>('agents.mcpServer', true),
  };
}

/** The button that leads to a setting. */
export function openSetting(name: string): Action {
  const id = `${section}.${name}`;
  return {
    title: vscode.l10n.t('Open Setting'),
    run: () => vscode.commands.executeCommand('workbench.action.openSettings', id),
  };
}

/** Stores which server to use, for this person on all workspaces. */
export async function writeServer(url: string, login: string): Promise<void> {
  const values = vscode.workspace.getConfiguration(section);
  await values.update('server.url', url === '' ? undefined : url, vscode.ConfigurationTarget.Global);
  await values.update('server.login', login === '' ? undefined : login, vscode.ConfigurationTarget.Global);
}

/** Calls `listener` when a setting that decides how servers are reached has changed. */
export function onServerSettingsChanged(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    const relevant = [
      `${section}.server`,
      `${section}.tls`,
      'http.proxy',
      'http.noProxy',
      'http.proxySupport',
    ];
    if (relevant.some((name) => event.affectsConfiguration(name))) listener();
  });
}

/** Calls `listener` when the pace of the poller has changed. */
export function onPollSettingsChanged(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${section}.poll`)) listener();
  });
}
