import * as vscode from 'vscode';
import { targetFormatNamed } from '../../appliance/catalog/targetFormats.ts';
import type { ServerSide } from '../../generate/host.ts';
import type { ReadDefinition } from '../../generate/read.ts';
import type { Requested } from '../../generate/request.ts';
import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Image } from '../../uforge/dto.ts';
import { UForgeError } from '../../uforge/errors.ts';
import type { DefinitionDiagnostics } from '../definitions/diagnostics.ts';
import { pickDefinition } from '../definitions/files.ts';
import { kindOfDocument } from '../definitions/kindOfDocument.ts';
import { nameOf, openSaved } from '../definitions/read.ts';
import { assertOnDisk, assertTrusted } from '../definitions/trust.ts';
import { ActionableError, Refusal, runs } from '../errors.ts';
import type { ImagesView } from '../images/list/view.ts';
import { ticketFor } from '../images/pickTicket.ts';
import { regenerate } from '../images/regenerateImage.ts';
import { pickOne } from '../inputs.ts';
import { withProgress } from '../progress.ts';
import type { Servers } from '../server/servers.ts';
import type { EditorHostOptions } from './editorHost.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';
import { messageOf } from '../../uforge/messageOf.ts';

export interface GeneratorOptions extends ServerSide {
  readonly servers: Servers;
  readonly store: TicketStore;
  readonly view: ImagesView;
  readonly picked: RememberedTexts;
  readonly diagnostics: DefinitionDiagnostics;
}

/** What is done to a request before it is sent. */
type Change = (image: Image) => Image;
const asWritten: Change = (image) => image;
const forPublishing: Change = (image) => ({
  ...image,
  simulated: false,
  compress: targetFormatNamed(image.targetFormat?.name ?? '')?.compress ?? image.compress ?? false,
});

/** From a definition to a ticket: the person decides on the way, which is that of `src/generate/`. */
export class Generator {
  readonly #options: GeneratorOptions;

  constructor(options: GeneratorOptions) {
    this.#options = options;
  }

  /**
   * Generates what a definition describes: the file from the menu, else the one the person picks. Resolves
   * with the tickets, or with nothing when the person changed their mind. A menu's second argument is the
   * selection; the line above a builder says which target format is meant.
   */
  async generate(argument: unknown, format?: unknown): Promise<readonly Ticket[] | undefined> {
    return this.#fromChoice(argument, format, asWritten);
  }

  /** Generates all of it without asking: every builder of a template, every definition that is selected. */
  async generateAll(argument: unknown, selection?: unknown): Promise<readonly Ticket[] | undefined> {
    return this.#fromChoice(argument, selection, asWritten, true);
  }

  /** The same, but the server only checks the dependencies and makes no image. */
  async simulate(argument: unknown, format?: unknown): Promise<readonly Ticket[] | undefined> {
    return this.#fromChoice(argument, format, (image) => ({ ...image, simulated: true }));
  }

  /** Generates again what a ticket was made from: the file as it is now, for the same target format. */
  async generateAgain(argument: unknown, from?: unknown): Promise<readonly Ticket[] | undefined> {
    const { store, service } = this.#options;
    const ticket = await ticketFor(argument, store, {
      title: vscode.l10n.t('Generate Again'),
      placeHolder: vscode.l10n.t('Image to generate again'),
      none: vscode.l10n.t('There is no image to generate again.'),
      fits: () => true,
    });
    if (ticket === undefined) return undefined;
    const { definition, targetFormat } = ticket;
    const source = definition === undefined ? 'request' : isSource(from) ? from : await askSource(definition);
    if (source === 'file' && definition !== undefined) {
      return this.#fromFile(vscode.Uri.parse(definition, true), targetFormat);
    }
    const again = source === 'request' ? await regenerate(ticket, store, service) : undefined;
    return again && [again];
  }

  /** The same for publishing: as the format's platforms take it. */
  async generateForPublishing({ definition, targetFormat }: Ticket): Promise<readonly Ticket[] | undefined> {
    if (definition === undefined) return undefined;
    return this.#fromFile(vscode.Uri.parse(definition, true), targetFormat, forPublishing);
  }

  /** Generates for publishing; resolves with the tickets, as `generate` does. */
  async generateToPublish(argument: unknown, format?: unknown): Promise<readonly Ticket[] | undefined> {
    return this.#fromChoice(argument, format, forPublishing);
  }

  async #fromChoice(
    argument: unknown,
    format: unknown,
    change: Change,
    all = false,
  ): Promise<readonly Ticket[] | undefined> {
    assertTrusted();
    const selected = Array.isArray(format)
      ? (format as unknown[]).filter((each) => each instanceof vscode.Uri)
      : [];
    if (selected.length > 1) return this.#fromFiles(await withoutFolders(selected), change, all);
    const uri = definitionIn(argument) ?? (await pickDefinition());
    const targetFormat = typeof format === 'string' ? format : undefined;
    return uri === undefined ? undefined : this.#fromFile(uri, targetFormat, change, all);
  }

  /** One after the other, for each may ask something. One that fails keeps no other from its turn. */
  async #fromFiles(
    uris: readonly vscode.Uri[],
    change: Change,
    all: boolean,
  ): Promise<readonly Ticket[] | undefined> {
    const tickets: Ticket[] = [];
    const failures: unknown[] = [];
    for (const uri of uris) {
      try {
        tickets.push(...((await this.#fromFile(uri, undefined, change, all)) ?? []));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length === 1) throw failures[0] as Error;
    if (failures.length > 1) {
      const sentences = failures.map(messageOf).join(' ');
      throw new ActionableError(
        vscode.l10n.t('{0} of {1} definitions failed. {2}', failures.length, uris.length, sentences),
      );
    }
    return tickets.length === 0 ? undefined : tickets;
  }

  async #fromFile(
    uri: vscode.Uri,
    targetFormat?: string,
    change: Change = asWritten,
    all = false,
  ): Promise<readonly Ticket[] | undefined> {
    assertTrusted();
    assertOnDisk(uri);
    const { servers, picked, diagnostics, view } = this.#options;
    const document = await openSaved(uri);
    if (kindOfDocument(document) === undefined) throw new ActionableError(notADefinition(uri));
    await diagnostics.check(document);
    const server = servers.current;
    const deciding = { servers, picked, diagnostics, server, all };
    const { editorHost, explained, read } = await import('./editorHost.ts');
    const host = editorHost(deciding);
    const definition = await read(uri.fsPath, host, { format: targetFormat }).catch(
      async (error: unknown) => {
        throw await explained(error);
      },
    );
    if (definition.images.length === 0) return undefined;
    const changed = { ...definition, images: definition.images.map(change) };
    const title = vscode.l10n.t('Generating {0}', nameOf(uri));
    const outcome = await withProgress(title, async (report, signal) =>
      this.#send(changed, uri, { ...deciding, report, signal }),
    );
    if (outcome.kind === 'cancelled') return undefined;
    const { tickets, failures } = outcome.value;
    const [first] = tickets;
    // The row appears where the person looks for it; a view that can't be shown must not spoil the rest.
    if (first !== undefined) void view.reveal(first).then(undefined, () => undefined);
    if (failures.length > 0) throw explainedConflict(failures[0]);
    return tickets.length === 0 ? undefined : tickets;
  }

  async #send(definition: ReadDefinition, uri: vscode.Uri, deciding: EditorHostOptions): Promise<Requested> {
    const { servers, diagnostics } = this.#options;
    const { server, signal, report } = deciding;
    report?.({ message: vscode.l10n.t('asking {0}', servers.label(server)) });
    // Who is not signed in is not asked anything else.
    await servers.client(server, signal);
    const { editorHost, explained, request, resolve } = await import('./editorHost.ts');
    const host = editorHost(deciding);
    const resolved = await resolve(definition, host, signal).catch(async (error: unknown) => {
      throw await explained(error, diagnostics);
    });
    if (resolved === undefined) return { tickets: [], failures: [] };
    return request(resolved, host, { ...this.#options, server, signal, definition: uri.toString() });
  }
}

/**
 * A file from a menu or an editor, or the row of a template in the Appliances view; `active`, as a keyboard
 * shortcut says it, is the file in the editor.
 */
function definitionIn(argument: unknown): vscode.Uri | undefined {
  if (argument === 'active') return vscode.window.activeTextEditor?.document.uri;
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument !== 'object' || argument === null || !('state' in argument)) return undefined;
  const { uri } = argument.state as { readonly uri?: unknown };
  return uri instanceof vscode.Uri ? uri : undefined;
}

/** A second request for what is being generated already leads to the one that is running. */
function explainedConflict(error: unknown): unknown {
  if (!(error instanceof UForgeError) || error.kind !== 'conflict') return error;
  return new Refusal(error.message, [runs(vscode.l10n.t('Show Images'), 'showImages')]);
}

function notADefinition(uri: vscode.Uri): string {
  return vscode.l10n.t(
    '{0} is no definition. Images are generated from requests (XML whose root is in the namespace of UForge) and templates (YAML or JSON with “stack” and “builders”).',
    nameOf(uri),
  );
}

/** A selection in the Explorer often has the folder, too, that was opened on the way to its files. */
async function withoutFolders(uris: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const types = await Promise.all(
    uris.map((uri) =>
      // What is not there is told about when its turn comes.
      vscode.workspace.fs.stat(uri).then(
        ({ type }) => type,
        () => vscode.FileType.Unknown,
      ),
    ),
  );
  return uris.filter((_, index) => ((types[index] ?? 0) & vscode.FileType.Directory) === 0);
}

/** What an image is generated from once more. */
type Source = 'file' | 'request';

function isSource(value: unknown): value is Source {
  return value === 'file' || value === 'request';
}

async function askSource(definition: string): Promise<Source | undefined> {
  const name = vscode.workspace.asRelativePath(vscode.Uri.parse(definition, true));
  const items: (vscode.QuickPickItem & { readonly source: Source })[] = [
    {
      source: 'file',
      label: vscode.l10n.t('From the file as it is now'),
      description: name,
      iconPath: new vscode.ThemeIcon('file-code'),
    },
    {
      source: 'request',
      label: vscode.l10n.t('From the request of then'),
      description: vscode.l10n.t('which the server keeps, whatever the file says by now'),
      iconPath: new vscode.ThemeIcon('history'),
    },
  ];
  return (await pickOne(items, { title: vscode.l10n.t('Generate Again') }))?.source;
}
