import * as vscode from 'vscode';
import { isFinal } from '../../../tickets/state.ts';
import type { TicketStore } from '../../../tickets/store.ts';
import { applianceLabel, imageIds, ticketKey, type Ticket } from '../../../tickets/ticket.ts';
import type { Clock } from '../../../uforge/clock.ts';
import { visibleText } from '../../../uforge/visibleText.ts';
import { sentenceOf } from '../../errors.ts';
import type { Servers } from '../../server/servers.ts';
import { ticketFor } from '../pickTicket.ts';
import { stageRanges } from './logStages.ts';

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
  /** How long the open logs were when last seen. */
  readonly #lines = new Map<string, number>();
  readonly #subscriptions: vscode.Disposable;
  #disposed = false;

  readonly onDidChange = this.#changed.event;

  constructor(store: TicketStore, servers: Servers, clock: Clock) {
    this.#store = store;
    this.#servers = servers;
    this.#clock = clock;
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerFoldingRangeProvider({ scheme }, { provideFoldingRanges: stagesOf }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#followEnd(document)),
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
    this.#lines.set(document.uri.toString(), document.lineCount);
    revealEnd(editor);
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const ticket = this.#store.ofKey(uri.query);
    if (ticket === undefined) return vscode.l10n.t('This image has been deleted, and its log with it.');
    let text: string;
    try {
      text = (await this.#read(ticket)) ?? summaryOf(ticket);
    } catch (error) {
      text = `${vscode.l10n.t('The log can not be read: {0}', sentenceOf(error))}\n\n${summaryOf(ticket)}`;
    }
    if (!token.isCancellationRequested && !isFinal(ticket.state)) this.#again(uri);
    return visibleText(text);
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

  /** Whoever looks at the end of a log goes on seeing its end; whoever has scrolled up is left in peace. */
  #followEnd(document: vscode.TextDocument): void {
    if (document.uri.scheme !== scheme) return;
    const name = document.uri.toString();
    const lastLine = (this.#lines.get(name) ?? 0) - 1;
    this.#lines.set(name, document.lineCount);
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document !== document) continue;
      if ((editor.visibleRanges.at(-1)?.end.line ?? 0) >= lastLine) revealEnd(editor);
    }
  }

  #forget(uri: vscode.Uri): void {
    this.#stop(uri);
    this.#lines.delete(uri.toString());
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

function revealEnd(editor: vscode.TextEditor): void {
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  editor.revealRange(new vscode.Range(end, end));
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
