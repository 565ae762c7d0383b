import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { isFinal, type TicketState } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Image, ImagePkg, PublishImage } from '../../uforge/dto.ts';
import { parseImageUri, parseLong } from '../../uforge/uris.ts';
import type { Clock } from '../../uforge/clock.ts';
import { commandId, commandNames, type CommandName } from '../commands/ids.ts';
import { sentenceOf } from '../errors.ts';
import type { Servers } from '../server/servers.ts';
import { elapsedOf, formatBytes, formatDuration, stateLabel } from './appearance.ts';
import { applianceLabel, ticketKey } from './nodes.ts';
import { ticketHtml, type Row, type StageBar, type TicketPageContent } from './ticketHtml.ts';

/** What only the server knows of a ticket. Missing where it could not be asked. */
interface Details {
  readonly image?: Image;
  readonly packages?: readonly ImagePkg[];
  readonly publications?: readonly PublishImage[];
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
  readonly store: TicketStore;
  readonly servers: Servers;
  readonly clock: Clock;
}

/** The page of one ticket, in an editor: everything there is to know of it, and everything that can be done. */
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
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };
    const actions = panel.webview.onDidReceiveMessage((message: unknown) => this.#run(message));
    this.#subscriptions.push(
      { [Symbol.dispose]: () => void actions.dispose() },
      context.store.onDidChange(() => this.#follow()),
    );
    panel.onDidDispose(() => this.dispose());
    this.#show();
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
      this.#details = { ...this.#details, failure: sentenceOf(error) };
    }
    this.#asking = false;
    if (this.#subscriptions.length > 0) this.#show();
  }

  async #read(): Promise<Details> {
    const { server, aid, itid, state } = this.#ticket;
    const client = await this.#context.servers.client(server);
    const ids = { aid: parseLong(aid), itid: parseLong(itid) };
    // What a server does not offer must not hide the rest.
    const optional = async <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);
    const image = await client.machineImage_get(ids);
    const [packages, publications, log] = await Promise.all([
      state === 'done' ? optional(client.machineImagePkg_getAll(ids)) : undefined,
      optional(client.machineImagePublished_getAll({ aid: ids.aid })),
      optional(client.imageLog(ids)),
    ]);
    const own = publications?.publishImages.filter(({ imageUri, parentUri, uri }) =>
      [imageUri, parentUri, uri].some((each) => String(parseImageUri(each ?? '')?.itid) === itid),
    );
    return {
      image,
      ...(packages && { packages: packages.imagePkgs }),
      ...(own && { publications: own }),
      ...(log !== undefined && { log }),
    };
  }

  #show(): void {
    const nonce = randomUUID();
    this.#panel.title = `${applianceLabel(this.#ticket)} · ${this.#ticket.targetFormat}`;
    this.#panel.webview.html = ticketHtml(this.#content(), nonce, vscode.env.language);
  }

  #run(message: unknown): void {
    const { command } = (message ?? {}) as { readonly command?: unknown };
    const known = commandNames.find((name) => name === command);
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
      stages: stageBars(ticket, clock.now()),
      sections: this.#sections(),
      words: {
        stages: vscode.l10n.t('Stages'),
        progress: vscode.l10n.t('Progress'),
        noStages: vscode.l10n.t('Nobody watched when it was generated.'),
      },
    };
  }

  #sections(): TicketPageContent['sections'] {
    const { image, packages, publications, log, failure } = this.#details;
    const unread = failure ?? vscode.l10n.t('Reading…');
    return [
      { title: vscode.l10n.t('Request'), rows: requestRows(this.#ticket, image) },
      {
        title: vscode.l10n.t('File'),
        rows: fileRows(image),
        none: image === undefined ? unread : vscode.l10n.t('There is no file.'),
      },
      {
        title: vscode.l10n.t('Packages'),
        rows:
          packages === undefined || packages.length === 0
            ? []
            : [[vscode.l10n.t('Installed'), String(packages.length)]],
        none: vscode.l10n.t('Known once the image is done.'),
      },
      {
        title: vscode.l10n.t('Publications'),
        rows: (publications ?? []).map(publicationRow),
        none: vscode.l10n.t('It has not been published.'),
      },
      {
        title: vscode.l10n.t('Log'),
        ...(log !== undefined &&
          log !== '' && { text: log.trimEnd().split('\n').slice(-logLines).join('\n') }),
        none: image === undefined ? unread : vscode.l10n.t('This server keeps no log of the generation.'),
      },
    ];
  }
}

function actionsFor(ticket: Ticket): TicketPageContent['actions'] {
  const labels: Partial<Record<CommandName, string>> = {
    download: vscode.l10n.t('Download'),
    cancel: vscode.l10n.t('Cancel'),
    regenerate: vscode.l10n.t('Regenerate'),
    generateAgain: vscode.l10n.t('Generate from File'),
    showLog: vscode.l10n.t('Show Log'),
    showPackages: vscode.l10n.t('Show Packages'),
    comparePackages: vscode.l10n.t('Compare Packages'),
    exportSbom: vscode.l10n.t('Export Bill of Materials'),
    copyLink: vscode.l10n.t('Copy Link'),
    openDefinition: vscode.l10n.t('Open Definition'),
    delete: vscode.l10n.t('Delete'),
  };
  const final = isFinal(ticket.state);
  const done = ticket.state === 'done';
  const fits: readonly (readonly [CommandName, boolean])[] = [
    ['download', ticket.downloadable],
    ['cancel', !final],
    ['regenerate', final],
    ['generateAgain', final && ticket.definition !== undefined],
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

function stageBars(ticket: Ticket, now: number): readonly StageBar[] {
  const { stages = [], state } = ticket;
  const [first] = stages;
  if (first === undefined) return [];
  const start = Date.parse(first.at);
  const end = isFinal(state) ? Date.parse(ticket.finished ?? ticket.changed) : now;
  const whole = Math.max(1, end - start);
  return stages.map(({ name, at }, index) => {
    const next = stages[index + 1];
    const from = Date.parse(at) - start;
    const until = (next === undefined ? end : Date.parse(next.at)) - start;
    const last = next === undefined;
    return {
      name,
      duration: formatDuration(until - from),
      from: Math.min(100, (from / whole) * 100),
      share: Math.min(100, ((until - from) / whole) * 100),
      state: last && state === 'failed' ? 'failed' : last && !isFinal(state) ? 'running' : 'ended',
    };
  });
}

function requestRows(ticket: Ticket, image: Image | undefined): readonly Row[] {
  const { installProfile } = image ?? {};
  const rows: readonly (readonly [string, string | undefined])[] = [
    [vscode.l10n.t('Appliance'), applianceLabel(ticket)],
    [vscode.l10n.t('Revision'), ticket.revision?.toString()],
    [vscode.l10n.t('Distribution'), image?.distributionName],
    [vscode.l10n.t('Target format'), ticket.targetFormat],
    [vscode.l10n.t('Memory'), inMb(installProfile?.memorySize)],
    [vscode.l10n.t('Disk'), inMb(installProfile?.diskSize)],
    [vscode.l10n.t('Swap'), inMb(installProfile?.swapSize)],
    [vscode.l10n.t('Compressed'), image?.compress === undefined ? undefined : yesNo(image.compress)],
    [vscode.l10n.t('Simulated'), ticket.simulated ? yesNo(true) : undefined],
    [
      vscode.l10n.t('Definition'),
      ticket.definition && vscode.workspace.asRelativePath(vscode.Uri.parse(ticket.definition)),
    ],
  ];
  return rows.filter((row): row is Row => row[1] !== undefined && row[1] !== '');
}

function fileRows(image: Image | undefined): readonly Row[] {
  if (image?.fileName === undefined) return [];
  const rows: readonly (readonly [string, string | undefined])[] = [
    [vscode.l10n.t('Name'), image.fileName],
    [vscode.l10n.t('Size'), image.fileSize === undefined ? undefined : formatBytes(Number(image.fileSize))],
    ['SHA-256', image.sha256sum],
    ['MD5', image.md5sum],
  ];
  return rows.filter((row): row is Row => row[1] !== undefined);
}

function publicationRow({ targetFormat, status, cloudId, created }: PublishImage): Row {
  const said = [status?.message, cloudId, created === undefined ? undefined : timeOf(created.toISOString())];
  return [
    targetFormat?.name ?? vscode.l10n.t('Publication'),
    said.filter((part) => part !== undefined).join(' · '),
  ];
}

function inMb(size: number | bigint | undefined): string | undefined {
  return size === undefined ? undefined : `${size} MB`;
}

function yesNo(value: boolean): string {
  return value ? vscode.l10n.t('yes') : vscode.l10n.t('no');
}

function timeOf(date: string): string {
  return new Date(date).toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The pages that are open, one a ticket. */
export class TicketPages implements vscode.Disposable {
  readonly #context: TicketPageContext;
  readonly #pages = new Map<string, { readonly page: TicketPage; readonly panel: vscode.WebviewPanel }>();

  constructor(context: TicketPageContext) {
    this.#context = context;
  }

  show(ticket: Ticket): void {
    const key = ticketKey(ticket);
    const open = this.#pages.get(key);
    if (open !== undefined) {
      open.page.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel('applianceForge.ticket', '', vscode.ViewColumn.Active);
    panel.onDidDispose(() => this.#pages.delete(key));
    this.#pages.set(key, { page: new TicketPage(ticket, panel, this.#context), panel });
  }

  dispose(): void {
    for (const { panel } of [...this.#pages.values()]) panel.dispose();
  }
}
