import { connect, type Socket } from 'node:net';
import * as vscode from 'vscode';
import { visibleLine } from '../../uforge/visibleText.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { Refusal } from '../errors.ts';
import { fillWebview } from '../webview.ts';
import type { WindowMachine } from './machines.ts';
import type { FromScreenPage, ToScreenPage } from './screenMessages.ts';

/**
 * The screen of a machine in an editor. Its VNC goes through the web view's messages: nothing listens for it,
 * and it works where the machine runs on another computer than the window is on.
 */
class MachineScreen implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #path: string;
  #socket: Socket | undefined;
  #ended: string | undefined;
  #closed = false;

  constructor({ machine, title }: WindowMachine, extensionUri: vscode.Uri) {
    if (machine.screen === undefined) {
      throw new Refusal(vscode.l10n.t('{0} has no screen; there is its console.', title));
    }
    this.#path = machine.screen;
    const name = vscode.l10n.t('Screen: {0}', visibleLine(title));
    this.#panel = vscode.window.createWebviewPanel('applianceForge.screen', name, vscode.ViewColumn.Active);
    this.#panel.webview.onDidReceiveMessage((message: FromScreenPage) => this.#hear(message));
    this.#panel.onDidDispose(() => this.dispose());
    fillWebview(this.#panel.webview, extensionUri, 'machineScreen', {
      actions: vscode.l10n.t('Actions'),
      keys: vscode.l10n.t('Send Ctrl+Alt+Delete'),
      full: vscode.l10n.t('Full Size'),
      fit: vscode.l10n.t('Fit'),
      release: vscode.l10n.t('Ctrl+Alt+G lets go of the keyboard'),
    });
    void machine.ended.then(async ({ said }) => this.#end(said.in(await displayLanguage())));
  }

  get onDidDispose(): vscode.Event<void> {
    return this.#panel.onDidDispose;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#closed = true;
    this.#socket?.destroy();
    this.#panel.dispose();
  }

  /** A page that was hidden begins anew when it is shown again, and so does its connection. */
  #hear(message: FromScreenPage): void {
    if ('bytes' in message) this.#socket?.write(message.bytes);
    else if (this.#ended !== undefined) this.#send({ ended: this.#ended });
    else this.#connect();
  }

  #connect(): void {
    this.#socket?.destroy();
    const socket = connect(this.#path);
    this.#socket = socket;
    socket.on('connect', () => this.#send({ open: true }));
    // VNC sends a picture when it was asked for one: what waits here is never more than that.
    socket.on('data', (bytes) => this.#send({ bytes: new Uint8Array(bytes) }));
    socket.on('error', ({ message }) => this.#send({ ended: message }));
  }

  #end(message: string): void {
    this.#ended = message;
    this.#socket?.destroy();
    this.#send({ ended: message });
  }

  #send(message: ToScreenPage): void {
    if (!this.#closed) void this.#panel.webview.postMessage(message);
  }
}

/** The screens that are open, one a machine. */
export class MachineScreens implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #open = new Map<string, MachineScreen>();

  constructor(extensionUri: vscode.Uri) {
    this.#extensionUri = extensionUri;
  }

  show(chosen: WindowMachine): void {
    const { id } = chosen.machine;
    const open = this.#open.get(id);
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const screen = new MachineScreen(chosen, this.#extensionUri);
    this.#open.set(id, screen);
    screen.onDidDispose(() => this.#open.delete(id));
  }

  dispose(): void {
    for (const screen of this.#open.values()) screen.dispose();
  }
}
