import * as vscode from 'vscode';
import type { Accelerator, Machine, MachineEnd } from '../../machines/index.ts';
import { setContext } from '../contextKeys.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { ActionableError, offer, type ErrorReporter } from '../errors.ts';
import { inform } from '../messages.ts';
import { ConsoleTerminal } from './consoleTerminal.ts';
import { rememberRunning, type StartedFrom } from './endedWithWindow.ts';
import { keepChanges } from './keepChanges.ts';

/** A machine that this window has started. */
export interface WindowMachine {
  readonly machine: Machine;
  /** `nginx 1.0 · QCOW2`; of several that are the same, all but the first have a number behind it. */
  readonly title: string;
  readonly from: StartedFrom;
  readonly console: ConsoleTerminal;
}

/**
 * The machines of this window: they run as long as it is open. Tells when one ends that nobody has ended, and
 * remembers in the workspace's state what runs, for the window that comes after it.
 */
export class Machines implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #errors: ErrorReporter;
  readonly #running: WindowMachine[] = [];
  readonly #changed = new vscode.EventEmitter<void>();
  #accelerator: Accelerator | undefined;
  #closing = false;

  /** One has come, has gone, or is in another state, or has another port. */
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento, errors: ErrorReporter) {
    this.#state = state;
    this.#errors = errors;
  }

  /** What the last one has shown to work here. */
  get accelerator(): Accelerator | undefined {
    return this.#accelerator;
  }

  get all(): readonly WindowMachine[] {
    return this.#running;
  }

  add(machine: Machine, name: string, from: StartedFrom): WindowMachine {
    const title = this.#free(name);
    const added = { machine, title, from, console: new ConsoleTerminal(machine, title) };
    this.#running.push(added);
    if (machine.accelerator !== 'container') this.#accelerator = machine.accelerator;
    const changes = machine.onChange(() => this.#changed.fire());
    void machine.ended.then((end) => {
      changes[Symbol.dispose]();
      void this.#tellEnd(added, end);
    });
    this.#update();
    return added;
  }

  /** Ends all of them: a machine does not outlive the window it was started in. */
  dispose(): void {
    this.#closing = true;
    for (const { machine } of this.#running) void machine[Symbol.asyncDispose]();
    this.#changed.dispose();
  }

  /** Never rejects. What the machine has written is there until the message about its end has been answered. */
  async #tellEnd(ended: WindowMachine, { kind, said, detail }: MachineEnd): Promise<void> {
    if (this.#closing) return;
    this.#running.splice(this.#running.indexOf(ended), 1);
    this.#update();
    const { machine, title, console } = ended;
    const message = vscode.l10n.t('{0}: {1}', title, said.in(await displayLanguage()));
    const show = { title: vscode.l10n.t('Show Console'), run: () => console.show() };
    const keep = { title: vscode.l10n.t('Keep Changes as Image…'), run: () => keepChanges(ended) };
    try {
      if (kind === 'panicked' || kind === 'failed') {
        this.#errors.show(new ActionableError(message, [show], { cause: detail }));
      } else if (machine.accelerator !== 'container') {
        const lost = vscode.l10n.t('What had changed in it is thrown away unless you keep it.');
        await offer(inform, `${message} ${lost}`, [keep]);
      }
    } catch (error) {
      this.#errors.show(error);
    } finally {
      await machine[Symbol.asyncDispose]();
    }
  }

  #update(): void {
    setContext('machines', this.#running.length > 0);
    void rememberRunning(this.#state, this.#running);
    this.#changed.fire();
  }

  #free(name: string): string {
    const taken = new Set(this.#running.map(({ title }) => title));
    if (!taken.has(name)) return name;
    for (let number = 2; ; number++) {
      const title = `${name} (${number})`;
      if (!taken.has(title)) return title;
    }
  }
}
