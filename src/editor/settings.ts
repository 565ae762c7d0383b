import * as vscode from 'vscode';
import type { PollSettings } from '../tickets/pollInterval.ts';
import type { Action } from './errors.ts';

const section = 'applianceForge';

/** A UForge AppCenter of the settings. */
export interface ServerSetting {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly login?: string;
  /** PEM file with the authorities of this server. */
  readonly caFile?: string;
}

/** How much is told in notifications. */
type NotificationLevel = 'all' | 'failures' | 'none';

/** The settings as the extension uses them. */
export interface Settings {
  /** Base URL of the server new images are built on, without a slash at its end; empty: the local forge. */
  readonly serverUrl: string;
  /** Every UForge AppCenter, the one above among them. */
  readonly servers: readonly ServerSetting[];
  readonly notifications: NotificationLevel;
  /** Shortest and longest time between two looks at the server, in ms. */
  readonly poll: PollSettings;
  /** Folder for downloads; empty: `Downloads` in the home folder. */
  readonly downloadFolder: string;
  /** PEM file with further certificate authorities for every server; empty: none. */
  readonly caFile: string;
  readonly idleMinutes: number;
  /** Builds of the local forge at the same time; undefined: as many as it thinks right. */
  readonly builds: number | undefined;
  readonly cacheGigabytes: number;
  /** Whether the MCP server is offered to VS Code besides the language model tools. */
  readonly offersMcpServer: boolean;
  /** Whether an image is tested as soon as it is built. */
  readonly testsAfterBuild: boolean;
}

/** Reads the settings. No workspace can set where credentials or files go (application scope). */
export function readSettings(): Settings {
  const values = vscode.workspace.getConfiguration(section);
  const text = (name: string): string => values.get<string>(name, '').trim();
  // Somebody may have written no number; the usual one stands in package.json.
  const number = (name: string, least: number): number => {
    const value = values.get<number>(name);
    if (typeof value === 'number' && Number.isFinite(value)) return Math.max(least, value);
    return values.inspect<number>(name)?.defaultValue ?? least;
  };
  const serverUrl = withoutSlash(text('server.url'));
  const fastMs = number('poll.fastSeconds', 1) * 1000;
  return {
    serverUrl,
    servers: serversIn(values.get<unknown>('servers'), { url: serverUrl, login: text('server.login') }),
    notifications: values.get<NotificationLevel>('notifications', 'all'),
    poll: { fastMs, slowMs: Math.max(fastMs, number('poll.slowSeconds', 2) * 1000) },
    downloadFolder: text('download.folder'),
    caFile: text('tls.caFile'),
    idleMinutes: number('forge.idleMinutes', 1),
    builds: Math.min(64, Math.round(number('forge.builds', 0))) || undefined,
    cacheGigabytes: number('forge.cacheGigabytes', 0),
    offersMcpServer: values.get<boolean>('agents.mcpServer', true),
    testsAfterBuild: values.get<boolean>('tests.afterBuild', false),
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

/** What the settings say of a server. */
export function serverSetting(url: string): ServerSetting | undefined {
  return readSettings().servers.find((server) => server.url === url);
}

/** PEM files of a server's authorities: everybody's and its own (`own`, before it is in the settings). */
export function caFilesFor(url: string, own = serverSetting(url)?.caFile ?? ''): readonly string[] {
  return [readSettings().caFile, own].filter((file) => file !== '');
}

/** Adds a server to the settings, or replaces what they say of it; for this person, on all workspaces. */
export async function writeServer(server: ServerSetting): Promise<void> {
  const others = readSettings().servers.filter(({ url }) => url !== server.url);
  await update('servers', [...others, server]);
}

/** Takes a server out of the settings. If it was in charge, the local forge builds new images. */
export async function removeServer(url: string): Promise<void> {
  const { servers, serverUrl } = readSettings();
  const others = servers.filter((server) => server.url !== url);
  await update('servers', others.length === 0 ? undefined : others);
  if (serverUrl === url) await buildOn('');
}

/** Says where new images are built: the address of a server, or nothing for the local forge. */
export async function buildOn(url: string): Promise<void> {
  const { servers, serverUrl } = readSettings();
  // A server that was only named as the one in charge (as in version 0.1) must not be forgotten.
  if (serverUrl !== '' && serverUrl !== url) await update('servers', servers);
  await update('server.url', url === '' ? undefined : url);
  await update('server.login', undefined);
}

/** Where files are downloaded to from now on; for this person, in all workspaces. */
export async function setDownloadFolder(folder: string): Promise<void> {
  await update('download.folder', folder);
}

async function update(name: string, value: unknown): Promise<void> {
  const values = vscode.workspace.getConfiguration(section);
  if (values.inspect(name)?.globalValue === value) return;
  await values.update(name, value, vscode.ConfigurationTarget.Global);
}

/**
 * The list of servers. Version 0.1 knew one server, in `server.url` and `server.login`: it is one of them
 * still. Entries that are none are left out: VS Code marks them in the settings.
 */
function serversIn(list: unknown, inCharge: ServerSetting): readonly ServerSetting[] {
  const servers = new Map<string, ServerSetting>();
  if (inCharge.url !== '') servers.set(inCharge.url, present(inCharge));
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    if (typeof entry !== 'object' || entry === null) continue;
    const { url, login, caFile } = entry as Readonly<Record<string, unknown>>;
    if (typeof url !== 'string' || !URL.canParse(url)) continue;
    const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
    const server = { url: withoutSlash(url.trim()), login: text(login), caFile: text(caFile) };
    servers.set(server.url, { ...servers.get(server.url), ...present(server) });
  }
  return [...servers.values()];
}

function present({ url, login = '', caFile = '' }: ServerSetting): ServerSetting {
  return { url, ...(login !== '' && { login }), ...(caFile !== '' && { caFile }) };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Calls `listener` when a setting that decides how servers are reached has changed. */
export function onServerSettingsChanged(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    const relevant = [
      `${section}.server`,
      `${section}.servers`,
      `${section}.tls`,
      'http.proxy',
      'http.noProxy',
      'http.proxySupport',
    ];
    if (relevant.some((name) => event.affectsConfiguration(name))) listener();
  });
}
