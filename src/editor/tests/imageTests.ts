import * as vscode from 'vscode';
import { definitionKind } from '../../appliance/find/definitions.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { ticketKey, type Ticket } from '../../tickets/ticket.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { ErrorReporter } from '../errors.ts';
import type { Downloads } from '../images/downloadImage.ts';
import { ticketFor } from '../images/pickTicket.ts';
import { readSettings } from '../settings.ts';
import type { TestedImages } from './testedImages.ts';
import type { TestExplorer } from './testExplorer.ts';

export interface ImageTestsContext {
  readonly store: TicketStore;
  readonly downloads: Downloads;
  readonly tested: TestedImages;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
}

/**
 * The tests of templates in VS Code's Test Explorer. What is behind them is loaded when somebody looks at them or
 * runs one: a window that tests no image pays nothing for it.
 */
export class ImageTests implements vscode.Disposable {
  readonly #context: ImageTestsContext;
  readonly #controller = vscode.tests.createTestController(
    'applianceForge.images',
    vscode.l10n.t('Machine images'),
  );
  readonly #profile: vscode.TestRunProfile;
  readonly #subscriptions: vscode.Disposable;
  /** Tickets this window has seen being made. */
  readonly #running = new Set<string>();
  #loaded: Promise<TestExplorer> | undefined;

  constructor(context: ImageTestsContext) {
    this.#context = context;
    const controller = this.#controller;
    controller.resolveHandler = async (item) => {
      if (item === undefined) await (await this.#load()).discover();
    };
    controller.refreshHandler = async () => (await this.#load()).discover();
    this.#profile = controller.createRunProfile(
      vscode.l10n.t('Test Image'),
      vscode.TestRunProfileKind.Run,
      async (request) => (await this.#load()).run(request),
      true,
    );
    const tickets = context.store.onDidChange(({ added, changed }) => this.#follow([...added, ...changed]));
    this.#subscriptions = vscode.Disposable.from(
      this.#profile,
      controller,
      new vscode.Disposable(() => tickets[Symbol.dispose]()),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => void this.#update(uri)),
    );
  }

  /** Tests the image of a ticket with all that its template says. Resolves with whether it is good. */
  async testImage(argument: unknown): Promise<boolean | undefined> {
    const ticket = await ticketFor(argument, this.#context.store, {
      title: vscode.l10n.t('Test Image'),
      placeHolder: vscode.l10n.t('Image to test'),
      none: vscode.l10n.t('This needs an image with a file, generated from a definition on this computer.'),
      fits: isTestable,
    });
    if (ticket === undefined) return undefined;
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    return (await this.#load()).test(ticket);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** A build that has just ended is tested where the person wants it so, in the window its template is open in. */
  #follow(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) {
      const key = ticketKey(ticket);
      if (ticket.state === 'waiting' || ticket.state === 'running') this.#running.add(key);
      else if (this.#running.delete(key) && readSettings().testsAfterBuild && isTestable(ticket)) {
        void this.#testBuilt(ticket);
      }
    }
  }

  /** Never rejects. */
  async #testBuilt(ticket: Ticket): Promise<void> {
    const { definition = '' } = ticket;
    if (vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(definition)) === undefined) return;
    try {
      const explorer = await this.#load();
      if (await explorer.hasTests(ticket)) await explorer.test(ticket);
    } catch (error) {
      this.#context.errors.show(error);
    }
  }

  async #update(uri: vscode.Uri): Promise<void> {
    if (this.#loaded === undefined || definitionKind(uri.path) !== 'template') return;
    await (await this.#loaded).update(uri);
  }

  #load(): Promise<TestExplorer> {
    this.#loaded ??= import('./testExplorer.ts').then(
      ({ TestExplorer }) => new TestExplorer(this.#controller, this.#profile, this.#context),
    );
    return this.#loaded;
  }
}

function isTestable({ downloadable, definition }: Ticket): boolean {
  return downloadable && definition !== undefined;
}
