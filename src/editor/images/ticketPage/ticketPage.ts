import * as vscode from 'vscode';
import { isFinal, type TicketState } from '../../../tickets/state.ts';
import { publicationsOf, type PublicationStore } from '../../../tickets/publication.ts';
import type { PublicationService } from '../../../tickets/publicationService.ts';
import type { TicketStore } from '../../../tickets/store.ts';
import { applianceLabel, imageIds, ticketKey, type Ticket } from '../../../tickets/ticket.ts';
import type { Clock } from '../../../uforge/clock.ts';
import type { Image, ImagePkg } from '../../../uforge/dto.ts';
import { visibleLine } from '../../../uforge/visibleText.ts';
import { commandId, commandNames, type CommandName } from '../../commandIds.ts';
import type { Servers } from '../../server/servers.ts';
import type { TestedImages } from '../../tests/testedImages.ts';
import { fillWebview } from '../../webview.ts';
import { isPublishable, stateLabel, timeOf } from '../appearance.ts';
import { elapsedOf, formatDuration } from '../durations.ts';
import { isGroup, ticketFor } from '../pickTicket.ts';
import { stageBars } from './stageBars.ts';
import { ticketHtml, type FromTicketPage, type TicketPageContent, type ToTicketPage } from './ticketHtml.ts';
import { fileRows, publicationRow, requestRows } from './ticketRows.ts';
import { messageOf } from '../../../uforge/messageOf.ts';

/** What only the server knows of a ticket. Missing where it could not be asked. */
interface Details {
  readonly image?: Image;
  readonly packages?: readonly ImagePkg[];
  readonly log?: string;
  readonly failure?: string;
}

const marks: Readonly<Record<TicketState, string>> = {
  waiting: '○',
  running: '↻',
  done: '✓',
  failed: '✗',
  cancelled: '⊘',
};
/** Lines at the end of a log that the page shows; all of it is one button away. */
const logLines = 40;
const refreshMs = 2_000;

export interface TicketPageContext {
  readonly extensionUri: vscode.Uri;
  readonly store: TicketStore;
  readonly publications: PublicationStore;
  readonly publishing: PublicationService;
  readonly servers: Servers;
  readonly clock: Clock;
  readonly tested: TestedImages;
}

/** The page of one ticket in an editor: all there is to know of it, and all that can be done. */
export class TicketPage implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #context: TicketPageContext;
  readonly #subscriptions: Disposable[] = [];
  #ticket: Ticket;
  #details: Details = {};
  #timer: Disposable | undefined;
  #asking = false;

  constructor(ticket: Ticket, panel: vscode.WebviewPanel, context: TicketPageContext) {
    this.#ticket = ticket;
    this.#panel = panel;
    this.#context = context;
    const heard = panel.webview.onDidReceiveMessage((message: FromTicketPage) => this.#hear(message));
    const tests = context.tested.onDidChange(() => this.#show());
    this.#subscriptions.push(
      { [Symbol.dispose]: () => void heard.dispose() },
      context.store.onDidChange(() => this.#follow()),
      context.publications.onDidChange(() => this.#show()),
      { [Symbol.dispose]: () => void tests.dispose() },
    );
    panel.onDidDispose(() => this.dispose());
    this.#entitle();
    fillWebview(panel.webview, context.extensionUri, 'ticketPage', { key: ticketKey(ticket) });
    void this.#ask();
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  #follow(): void {
    const current = this.#context.store.get(this.#ticket);
    if (current === this.#ticket) return;
    if (current === undefined) {
      this.#panel.dispose();
      return;
    }
    this.#ticket = current;
    this.#show();
    this.#timer ??= this.#context.clock.schedule(refreshMs, () => {
      this.#timer = undefined;
      void this.#ask();
    });
  }

  /** Never rejects: what can't be read is said on the page. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      this.#details = await this.#read();
    } catch (error) {
      this.#details = { ...this.#details, failure: messageOf(error) };
    }
    this.#asking = false;
    if (this.#subscriptions.length > 0) this.#show();
  }

  async #read(): Promise<Details> {
    const { server, state } = this.#ticket;
    const { servers, publishing } = this.#context;
    const client = await servers.client(server);
    const ids = imageIds(this.#ticket);
    // What a server does not offer must not hide the rest.
    const optional = async <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);
    const image = await client.machineImage_get(ids);
    const [packages, log] = await Promise.all([
      state === 'done' ? optional(client.machineImagePkg_getAll(ids)) : undefined,
      optional(client.imageLog(ids)),
      optional(publishing.refresh(server)),
    ]);
    return {
      image,
      ...(packages && { packages: packages.imagePkgs }),
      ...(log !== undefined && { log }),
    };
  }

  #entitle(): void {
    this.#panel.title = visibleLine(`${applianceLabel(this.#ticket)} · ${this.#ticket.targetFormat}`);
  }

  /** A page in the background hears nothing; it asks again when it comes to the front. */
  #show(): void {
    this.#entitle();
    const message: ToTicketPage = { html: ticketHtml(this.#content()) };
    void this.#panel.webview.postMessage(message);
  }

  #hear(message: FromTicketPage): void {
    if ('ready' in message) {
      this.#show();
      return;
    }
    const known = commandNames.find((name) => name === message.command);
    if (known !== undefined) void vscode.commands.executeCommand(commandId(known), this.#ticket);
  }

  #content(): TicketPageContent {
    const ticket = this.#ticket;
    const { servers, clock } = this.#context;
    const { state, percentage, errorMessage, detail } = ticket;
    const elapsed = formatDuration(elapsedOf(ticket, clock.now()));
    const took = isFinal(state) ? vscode.l10n.t('took {0}', elapsed) : vscode.l10n.t('for {0}', elapsed);
    return {
      title: `${applianceLabel(ticket)} · ${ticket.targetFormat}`,
      subtitle: `${servers.label(ticket.server)} · ${timeOf(ticket.created)} · ${took}`,
      state: {
        name: state,
        label: isFinal(state) ? stateLabel(state) : `${stateLabel(state)} · ${ticket.message}`,
        mark: marks[state],
      },
      ...(!isFinal(state) && { percentage }),
      ...(errorMessage !== undefined && {
        error: { message: errorMessage, ...(detail !== undefined && { detail }) },
      }),
      actions: actionsFor(ticket),
      stages: stageBars(ticket, this.#details.log, clock.now()),
      sections: this.#sections(),
      words: {
        stages: vscode.l10n.t('Stages'),
        progress: vscode.l10n.t('Progress'),
        actions: vscode.l10n.t('Actions'),
        more: vscode.l10n.t('More'),
        noStages: vscode.l10n.t('Nobody watched when it was generated.'),
      },
    };
  }

  #sections(): TicketPageContent['sections'] {
    const { image, packages, log, failure } = this.#details;
    const publications = publicationsOf(this.#ticket, this.#context.publications.all());
    const unread = failure ?? vscode.l10n.t('Reading…');
    const sections: TicketPageContent['sections'] = [
      { title: vscode.l10n.t('Request'), rows: requestRows(this.#ticket, image) },
      {
        title: vscode.l10n.t('File'),
        rows: fileRows(this.#ticket, image, this.#context.tested.labelOf(this.#ticket)),
        ...(image === undefined && { none: unread }),
      },
      {
        title: vscode.l10n.t('Packages'),
        rows:
          packages === undefined || packages.length === 0
            ? []
            : [[vscode.l10n.t('Installed'), String(packages.length)]],
      },
      {
        title: vscode.l10n.t('Publications'),
        rows: publications.map(publicationRow),
        none: vscode.l10n.t('It has not been published.'),
      },
      {
        title: vscode.l10n.t('Log'),
        ...(log !== undefined &&
          log !== '' && { text: log.trimEnd().split('\n').slice(-logLines).join('\n') }),
        none: image === undefined ? unread : vscode.l10n.t('This server keeps no log of the generation.'),
      },
    ];
    // Where there is nothing yet, and nothing to be told about it, there is no heading either.
    return sections.filter(
      ({ rows = [], text, none }) => rows.length > 0 || text !== undefined || none !== undefined,
    );
  }
}

function actionsFor(ticket: Ticket): TicketPageContent['actions'] {
  const labels: Partial<Record<CommandName, string>> = {
    download: vscode.l10n.t('Download'),
    publishImage: vscode.l10n.t('Publish Image…'),
    startImage: vscode.l10n.t('Start Image'),
    testImage: vscode.l10n.t('Test Image'),
    cancel: vscode.l10n.t('Cancel'),
    generateAgain: vscode.l10n.t('Generate Again'),
    showLog: vscode.l10n.t('Show Log'),
    showPackages: vscode.l10n.t('Show Packages'),
    comparePackages: vscode.l10n.t('Compare Packages'),
    exportSbom: vscode.l10n.t('Export Bill of Materials'),
    copyLink: vscode.l10n.t('Copy Download Link'),
    openDefinition: vscode.l10n.t('Open Definition'),
    delete: vscode.l10n.t('Delete'),
  };
  const final = isFinal(ticket.state);
  const done = ticket.state === 'done';
  const fits: readonly (readonly [CommandName, boolean])[] = [
    ['download', ticket.downloadable],
    ['publishImage', isPublishable(ticket)],
    ['startImage', ticket.downloadable],
    ['testImage', ticket.downloadable && ticket.definition !== undefined],
    ['cancel', !final],
    ['generateAgain', final],
    ['showLog', true],
    ['showPackages', done],
    ['comparePackages', done],
    ['exportSbom', done],
    ['copyLink', ticket.downloadable],
    ['openDefinition', ticket.definition !== undefined],
    ['delete', true],
  ];
  return fits
    .filter(([, fit]) => fit)
    .map(([command], index) => ({
      command,
      label: labels[command] ?? command,
      primary: final && index === 0,
    }));
}

/** The type of the pages' panels, in package.json's activation events too. */
const viewType = 'applianceForge.ticket';

/** The pages that are open, one a ticket. They come back with the window. */
export class TicketPages implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #context: TicketPageContext;
  readonly #pages = new Map<string, TicketPage>();
  readonly #registration: vscode.Disposable;

  constructor(context: TicketPageContext) {
    this.#context = context;
    this.#registration = vscode.window.registerWebviewPanelSerializer(viewType, this);
  }

  /** Opens the page of an image. The key for it opens and closes a group, as it does everywhere. */
  async show(argument: unknown): Promise<void> {
    if (isGroup(argument)) {
      await vscode.commands.executeCommand('list.toggleExpand');
      return;
    }
    const ticket = await ticketFor(argument, this.#context.store, {
      title: vscode.l10n.t('Show Details'),
      placeHolder: vscode.l10n.t('Image whose page to show'),
      none: vscode.l10n.t('There is no image yet.'),
      fits: () => true,
    });
    if (ticket === undefined) return;
    const open = this.#pages.get(ticketKey(ticket));
    if (open !== undefined) open.reveal();
    else this.#fill(vscode.window.createWebviewPanel(viewType, '', vscode.ViewColumn.Active), ticket);
  }

  /** VS Code has kept the page's state over a reload; a ticket that has gone since takes its page along. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { key } = (state ?? {}) as { readonly key?: unknown };
    const ticket = this.#context.store.ofKey(key);
    if (ticket === undefined) panel.dispose();
    else this.#fill(panel, ticket);
    return Promise.resolve();
  }

  /** The panels stay: when the window goes, they come back with it. */
  dispose(): void {
    this.#registration.dispose();
    for (const page of this.#pages.values()) page.dispose();
  }

  #fill(panel: vscode.WebviewPanel, ticket: Ticket): void {
    const key = ticketKey(ticket);
    panel.onDidDispose(() => this.#pages.delete(key));
    this.#pages.set(key, new TicketPage(ticket, panel, this.#context));
  }
}
