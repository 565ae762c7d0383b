import * as vscode from 'vscode';
import type { Machine, MachineEnd } from '../../machines/index.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import { displayLanguage } from '../displayLanguage.ts';

/** Questions that a terminal answers by typing: asked again when old text is shown, the machine would get them. */
const questions = new RegExp(
  String.raw`\u001b(?:\[[?>=]?[\d;]*[nc]|\[\d*t|\](?:4;\d+|1[012]);\?(?:\u0007|\u001b\\)|P[+$]q[^\u001b]*\u001b\\)`,
  'g',
);

/**
 * The serial console of a machine in a terminal. What is typed goes to the machine, Ctrl-C too; its colours
 * and its cursor are the terminal's. Closing the terminal leaves the machine running.
 */
export class ConsoleTerminal implements vscode.Disposable {
  readonly #machine: Machine;
  readonly #name: string;
  #terminal: vscode.Terminal | undefined;
  #console: MachinePseudoterminal | undefined;

  constructor(machine: Machine, title: string) {
    this.#machine = machine;
    this.#name = visibleLine(title);
  }

  /** Opens it with what was said so far, or brings it to the front. */
  show(preserveFocus = false): void {
    if (this.#terminal === undefined || this.#terminal.exitStatus !== undefined) {
      this.#console = new MachinePseudoterminal(this.#machine);
      this.#terminal = vscode.window.createTerminal({
        name: this.#name,
        pty: this.#console,
        iconPath: new vscode.ThemeIcon('vm'),
        // Its machine ends with the window.
        isTransient: true,
      });
    }
    this.#terminal.show(preserveFocus);
  }

  /** A serial line knows no size: this types the command that tells it to the shell that is there. */
  fit(): void {
    this.show();
    this.#console?.fit();
  }

  dispose(): void {
    this.#terminal?.dispose();
  }
}

/** What the terminal shows, and where what is typed goes. */
export class MachinePseudoterminal implements vscode.Pseudoterminal {
  readonly #machine: Machine;
  readonly #writes = new vscode.EventEmitter<string>();
  readonly #closes = new vscode.EventEmitter<void>();
  #subscription: Disposable | undefined;
  #size: vscode.TerminalDimensions | undefined;
  #open = false;

  readonly onDidWrite = this.#writes.event;
  readonly onDidClose = this.#closes.event;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    this.#size = size;
    this.#open = true;
    const { console, ended } = this.#machine;
    this.#show(console.text.replace(questions, ''));
    this.#subscription = console.onText((text) => this.#show(text));
    void ended.then((end) => this.#tellEnd(end));
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.#size = size;
  }

  handleInput(data: string): void {
    if (this.#machine.state === 'ended') this.#closes.fire();
    else this.#machine.console.write(data);
  }

  fit(): void {
    const { rows, columns } = this.#size ?? { rows: 24, columns: 80 };
    this.#machine.console.write(` stty rows ${rows} cols ${columns}\r`);
  }

  close(): void {
    this.#open = false;
    this.#subscription?.[Symbol.dispose]();
  }

  /** A container has no terminal of its own that would go back to the start of the line. */
  #show(text: string): void {
    const isContainer = this.#machine.accelerator === 'container';
    this.#writes.fire(isContainer ? text.replace(/\r?\n/g, '\r\n') : text);
  }

  async #tellEnd({ said }: MachineEnd): Promise<void> {
    const message = said.in(await displayLanguage());
    if (!this.#open) return;
    const close = vscode.l10n.t('Any key closes this terminal.');
    // Out of whatever colours and screen the machine was in.
    this.#writes.fire(`\x1b[0m\x1b[?1047l\x1b[?25h\r\n\x1b[7m ${visibleLine(message)} \x1b[0m ${close}\r\n`);
  }
}
