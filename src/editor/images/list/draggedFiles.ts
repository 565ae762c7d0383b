import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TicketStore } from '../../../tickets/store.ts';
import { ticketKey, type Ticket } from '../../../tickets/ticket.ts';
import { formatBytes } from '../appearance.ts';

const scheme = 'appliance-forge-image';

/** VS Code copies such a file through memory in one piece: larger ones are for Download Image. */
const mostBytes = 1024 ** 3;

/** Where VS Code finds the file of a finished image: whoever reads it there downloads it. */
export function imageFileUri(ticket: Ticket): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${ticket.fileName ?? ''}`, query: ticketKey(ticket) });
}

/**
 * The files of finished images as a read-only file system, so that one can be dragged into the Explorer: only
 * what is dropped is downloaded (with progress, cancel and the check of its digest), and nothing is left
 * behind when it fails.
 */
export class ImageFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #store: TicketStore;
  readonly #download: (ticket: Ticket, folder: string) => Promise<string | undefined>;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registration: vscode.Disposable;

  /** A finished image never changes. */
  readonly onDidChangeFile = this.#changed.event;

  /** @param download into a folder; resolves with the path of the file, `undefined` when it was cancelled */
  constructor(store: TicketStore, download: (ticket: Ticket, folder: string) => Promise<string | undefined>) {
    this.#store = store;
    this.#download = download;
    this.#registration = vscode.workspace.registerFileSystemProvider(scheme, this, {
      isCaseSensitive: true,
      isReadonly: true,
    });
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { fileSize = 0, created, finished = created } = this.#ticketAt(uri);
    return {
      type: vscode.FileType.File,
      size: fileSize,
      ctime: Date.parse(created),
      mtime: Date.parse(finished),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const ticket = this.#ticketAt(uri);
    if ((ticket.fileSize ?? 0) > mostBytes) {
      throw vscode.FileSystemError.Unavailable(
        vscode.l10n.t(
          'The image has {0}, too much to be dropped. Download it instead.',
          formatBytes(ticket.fileSize ?? 0),
        ),
      );
    }
    const folder = await mkdtemp(join(tmpdir(), 'appliance-forge-'));
    try {
      const path = await this.#download(ticket, folder);
      if (path === undefined) {
        throw vscode.FileSystemError.Unavailable(vscode.l10n.t('The download was cancelled.'));
      }
      return await readFile(path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }

  #ticketAt(uri: vscode.Uri): Ticket {
    const ticket = this.#store.ofKey(uri.query);
    if (!ticket?.downloadable) throw vscode.FileSystemError.FileNotFound(uri);
    return ticket;
  }
}
