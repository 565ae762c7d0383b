import * as vscode from 'vscode';
import { isFinal } from '../../../tickets/state.ts';
import type { TicketStore } from '../../../tickets/store.ts';
import { applianceLabel, imageIds, ticketKey, type Ticket } from '../../../tickets/ticket.ts';
import type { Clock } from '../../../uforge/clock.ts';
import { visibleText } from '../../../uforge/visibleText.ts';
import type { Servers } from '../../server/servers.ts';
import { ticketFor } from '../pickTicket.ts';
import { FollowLog } from './followLog.ts';
import { stageRanges } from './logStages.ts';
import { messageOf } from '../../../uforge/messageOf.ts';

const scheme = 'appliance-forge-log';
const refreshMs = 2000;

/**
 * A build's log as a read-only document. It is read when somebody looks at it, and read again every two
 * seconds while the image is being generated and the document is open.
 */
export class LogDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #store: TicketStore;
  readonly #servers: Servers;
  readonly #clock: Clock;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #timers = new Map<string, Disposable>();
  readonly #follow: FollowLog;
  readonly #subscriptions: vscode.Disposable;
  #disposed = false;

  readonly onDidChange = this.#changed.event;

  constructor(store: TicketStore, servers: Servers, clock: Clock) {
    this.#store = store;
    this.#servers = servers;
    this.#clock = clock;
    this.#follow = new FollowLog(scheme);
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerFoldingRangeProvider({ scheme }, { provideFoldingRanges: stagesOf }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#stop(uri)),
      this.#follow,
      this.#changed,
    );
  }

  /** Opens the log of an image's generation, as a preview that the next one replaces. */
  async show(argument: unknown): Promise<void> {
    const ticket = await ticketFor(argument, this.#store, {
      title: vscode.l10n.t('Show Log'),
      placeHolder: vscode.l10n.t('Image whose log to show'),
      none: vscode.l10n.t('There is no image, so there is no log.'),
      fits: () => true,
    });
    if (ticket === undefined) return;
    const document = await vscode.workspace.openTextDocument(uriOf(ticket));
    await vscode.languages.setTextDocumentLanguage(document, 'log').then(undefined, () => document);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    this.#follow.begin(editor);
  }

  /** Whether the log in the active editor is followed to its end as it grows. */
  follow(following: boolean): void {
    this.#follow.toggle(following);
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const ticket = this.#store.ofKey(uri.query);
    if (ticket === undefined) return vscode.l10n.t('This image has been deleted, and its log with it.');
    let text: string;
    try {
      text = (await this.#read(ticket)) ?? summaryOf(ticket);
    } catch (error) {
      text = `${vscode.l10n.t('The log can not be read: {0}', messageOf(error))}\n\n${summaryOf(ticket)}`;
    }
    if (!token.isCancellationRequested && !isFinal(ticket.state)) this.#again(uri);
    // The last line is an empty one: the scroll bar at the bottom hides none that says something.
    return `${visibleText(text).trimEnd()}\n`;
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    this.#timers.clear();
    this.#subscriptions.dispose();
  }

  async #read(ticket: Ticket): Promise<string | undefined> {
    const client = await this.#servers.client(ticket.server);
    return client.imageLog(imageIds(ticket));
  }

  #again(uri: vscode.Uri): void {
    const name = uri.toString();
    this.#stop(uri);
    if (this.#disposed) return;
    const timer = this.#clock.schedule(refreshMs, () => {
      this.#timers.delete(name);
      const open = vscode.workspace.textDocuments.some((document) => document.uri.toString() === name);
      if (open) this.#changed.fire(uri);
    });
    this.#timers.set(name, timer);
  }

  #stop(uri: vscode.Uri): void {
    const name = uri.toString();
    this.#timers.get(name)?.[Symbol.dispose]();
    this.#timers.delete(name);
  }
}

/** A log folds stage by stage. */
function stagesOf(document: vscode.TextDocument): vscode.FoldingRange[] {
  const lines = document.getText().split('\n');
  return stageRanges(lines).map(({ start, end }) => new vscode.FoldingRange(start, end));
}

/** The path is the title of the tab, the query says which ticket. */
function uriOf(ticket: Ticket): vscode.Uri {
  const title = `${ticket.applianceName} ${ticket.applianceVersion} ${ticket.targetFormat} ${ticket.itid}.log`;
  return vscode.Uri.from({ scheme, path: `/${title.replaceAll('/', '_')}`, query: ticketKey(ticket) });
}

/** What is known of a ticket whose server keeps no log: a UForge AppCenter doesn't hand its logs out. */
function summaryOf(ticket: Ticket): string {
  const lines = [
    `${applianceLabel(ticket)} · ${ticket.targetFormat}`,
    vscode.l10n.t('This server keeps no log of the generation. What it says of the image:'),
    '',
    ticket.message,
    ticket.errorMessage ?? '',
    ticket.detail ?? '',
  ];
  return lines.filter((line, index) => index < 3 || line !== '').join('\n');
}
