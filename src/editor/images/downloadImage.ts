import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import { applianceLabel, imageIds, ticketKey, type Ticket } from '../../tickets/ticket.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { Downloaded } from '../../uforge/download/download.ts';
import { offer, Refusal, runs, type Action } from '../errors.ts';
import { inform } from '../messages.ts';
import { withProgress } from '../progress.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';
import type { Servers } from '../server/servers.ts';
import { readSettings, setDownloadFolder } from '../settings.ts';
import { formatBytes } from './appearance.ts';
import { ticketFor, ticketIn, ticketsFor, type TicketChoice } from './pickTicket.ts';

/** The files of finished images: into the folder of the settings, each once at a time, or as a link. */
export class Downloads implements vscode.Disposable {
  readonly #store: TicketStore;
  readonly #servers: Servers;
  readonly #clock: Clock;
  /** By the tickets' keys: when the image was finished, and where its file is. */
  readonly #files: RememberedTexts;
  readonly #running = new Set<string>();
  readonly #subscription: Disposable;

  constructor(store: TicketStore, servers: Servers, files: RememberedTexts, clock: Clock) {
    this.#store = store;
    this.#servers = servers;
    this.#files = files;
    this.#clock = clock;
    this.#subscription = store.onDidChange(({ removed }) => {
      for (const ticket of removed) void files.set(ticketKey(ticket), undefined);
    });
  }

  dispose(): void {
    this.#subscription[Symbol.dispose]();
  }

  /** Downloads one image, or all that are selected. Resolves with the path of the last file. */
  async downloadAll(args: readonly unknown[]): Promise<string | undefined> {
    const tickets = await ticketsFor(args, this.#store, choice());
    let path: string | undefined;
    // One after the other: together they would only share the line.
    for (const ticket of tickets) path = (await this.download(ticket)) ?? path;
    return path;
  }

  /** Resolves with the path of the file. Cancelling keeps the part, and the next try goes on from it. */
  async download(argument: unknown): Promise<string | undefined> {
    const ticket = await ticketFor(argument, this.#store, choice());
    const downloaded = ticket && (await this.#fetchOnce(ticket));
    if (downloaded !== undefined) announce(downloaded);
    return downloaded?.path;
  }

  /** The image's file where an earlier download has put it; else it is downloaded. */
  async fileOf(ticket: Ticket): Promise<string | undefined> {
    const known = this.#files.get(ticketKey(ticket))?.split('\n');
    if (known?.[0] === versionOf(ticket) && known[1] !== undefined) {
      const size = await stat(known[1]).then(
        ({ size }) => size,
        () => undefined,
      );
      if (size === ticket.fileSize) return known[1];
    }
    return (await this.#fetchOnce(ticket))?.path;
  }

  /** Copies the addresses of finished files. Whoever opens one signs in to the server: no key is part of it. */
  async copyLinks(args: readonly unknown[]): Promise<string | undefined> {
    const tickets = await ticketsFor(args, this.#store, {
      ...choice(),
      title: vscode.l10n.t('Copy Download Link'),
      placeHolder: vscode.l10n.t('Image whose address to copy'),
    });
    if (tickets.length === 0) return undefined;
    const links = tickets.map(async ({ server, uri, fileName = '' }) => {
      const { baseUrl } = await this.#servers.client(server);
      return new URL(`${uri}/downloads/${encodeURIComponent(fileName)}`, baseUrl).href;
    });
    const text = (await Promise.all(links)).join('\n');
    await vscode.env.clipboard.writeText(text);
    return text;
  }

  async #fetchOnce(ticket: Ticket): Promise<Downloaded | undefined> {
    const key = ticketKey(ticket);
    if (this.#running.has(key)) {
      void inform(vscode.l10n.t('This image is being downloaded already.'));
      return undefined;
    }
    this.#running.add(key);
    try {
      const folder = await downloadFolder();
      if (folder === undefined) return undefined;
      const downloaded = await this.fetch(ticket, folder);
      if (downloaded !== undefined) await this.#files.set(key, `${versionOf(ticket)}\n${downloaded.path}`);
      return downloaded;
    } finally {
      this.#running.delete(key);
    }
  }

  /** Downloads into a folder behind a progress; `undefined` when it was cancelled. */
  async fetch(ticket: Ticket, directory: string): Promise<Downloaded | undefined> {
    const title = vscode.l10n.t('Downloading {0} for {1}', applianceLabel(ticket), ticket.targetFormat);
    const outcome = await withProgress(title, async (report, signal) => {
      const { downloadImage } = await import('../../uforge/download/download.ts');
      const client = await this.#servers.client(ticket.server, signal);
      return downloadImage({
        client,
        ...imageIds(ticket),
        directory,
        clock: this.#clock,
        signal,
        onProgress: ({ bytes, total }) => report(stepOf(bytes, total)),
      });
    });
    return outcome.kind === 'cancelled' ? undefined : outcome.value;
  }
}

/** For the menu of an image whose server keeps its file: why, and what to do. */
export function explainNoDownload(argument: unknown, store: TicketStore, servers: Servers): void {
  const named = ticketIn(argument);
  const ticket = named && store.get(named);
  if (ticket === undefined) return;
  const { definition, server } = ticket;
  throw new Refusal(
    vscode.l10n.t(
      '{0} for {1} was requested without compress, and {2} hands out compressed images only. Set compress to true and generate it again.',
      applianceLabel(ticket),
      ticket.targetFormat,
      servers.label(server),
    ),
    definition === undefined ? [] : [runs(vscode.l10n.t('Open Definition'), 'openDefinition', ticket)],
  );
}

/** A ticket that was generated again has another file. */
function versionOf({ finished, changed }: Ticket): string {
  return finished ?? changed;
}

function choice(): TicketChoice {
  return {
    title: vscode.l10n.t('Download Image'),
    placeHolder: vscode.l10n.t('Image to download'),
    none: vscode.l10n.t('This needs an image that is done and whose server hands out its file.'),
    fits: ({ downloadable }) => downloadable,
  };
}

/** Says where the file is and what it was checked by; a message nobody answers holds nothing up. */
function announce({ path, bytes, verified }: Downloaded): void {
  const [name, size, folder] = [basename(path), formatBytes(bytes), shortened(dirname(path))];
  const message =
    verified === 'size'
      ? vscode.l10n.t(
          '{0} ({1}) is in {2}. Its server gave no checksum: only the size was checked.',
          name,
          size,
          folder,
        )
      : vscode.l10n.t(
          '{0} ({1}) is in {2}, verified by its {3}.',
          name,
          size,
          folder,
          verified.toUpperCase(),
        );
  void offer(inform, message, fileActions(path));
}

function stepOf(bytes: number, total: number | undefined): { message: string; fraction?: number } {
  if (total === undefined || total === 0) return { message: formatBytes(bytes) };
  const message = vscode.l10n.t('{0} of {1}', formatBytes(bytes), formatBytes(total));
  return { message, fraction: bytes / total };
}

/** Where files go: the setting says it, else `Downloads`. Where there is none the person is asked, once. */
async function downloadFolder(): Promise<string | undefined> {
  const { downloadFolder: chosen } = readSettings();
  if (chosen !== '') return chosen.replace(/^~(?=$|[/\\])/, homedir());
  const usual = join(homedir(), 'Downloads');
  const isThere = await access(usual).then(
    () => true,
    () => false,
  );
  return isThere ? usual : askDownloadFolder();
}

async function askDownloadFolder(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Folder for all downloads'),
      openLabel: vscode.l10n.t('Download Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.file(homedir()),
    })) ?? [];
  if (folder !== undefined) await setDownloadFolder(folder.fsPath);
  return folder?.fsPath;
}

/** A folder as a person says it. */
function shortened(folder: string): string {
  return folder === homedir() || folder.startsWith(`${homedir()}${sep}`)
    ? folder.replace(homedir(), '~')
    : folder;
}

/** The file manager of this computer is of no use when the file lies on another one. */
export function fileActions(path: string): readonly Action[] {
  const file = vscode.Uri.file(path);
  const isHere = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  const copy = { title: vscode.l10n.t('Copy Path'), run: () => vscode.env.clipboard.writeText(path) };
  const reveals = (command: string): Action => ({
    title: vscode.l10n.t('Reveal'),
    run: () => vscode.commands.executeCommand(command, file),
  });
  if (isHere) return [reveals('revealFileInOS')];
  if (vscode.workspace.getWorkspaceFolder(file) !== undefined) return [reveals('revealInExplorer'), copy];
  const open = (): unknown =>
    vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(dirname(path)), {
      forceNewWindow: true,
    });
  return [copy, { title: vscode.l10n.t('Open Folder in New Window'), run: open }];
}
