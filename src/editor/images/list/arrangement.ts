import * as vscode from 'vscode';
import { applianceLabel, type Ticket } from '../../../tickets/ticket.ts';
import { setContext } from '../../contextKeys.ts';
import { stateLabel } from '../appearance.ts';
import { type Grouping } from './nodes.ts';

const key = 'images.grouping';
const groupings: readonly unknown[] = ['appliance', 'server', 'state'] satisfies Grouping[];

/** How the rows of the Images view are arranged: what they stand under, and which are shown. */
export class Arrangement implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #serverLabel: (server: string) => string;
  readonly #changed = new vscode.EventEmitter<void>();
  #words: readonly string[] = [];

  readonly onDidChange = this.#changed.event;

  /** @param state of the workspace: the grouping is kept there, the filter lasts as long as the window */
  constructor(state: vscode.Memento, serverLabel: (server: string) => string) {
    this.#state = state;
    this.#serverLabel = serverLabel;
  }

  get grouping(): Grouping {
    const kept = this.#state.get<unknown>(key);
    return groupings.includes(kept) ? (kept as Grouping) : 'appliance';
  }

  async groupBy(grouping: Grouping): Promise<void> {
    await this.#state.update(key, grouping);
    this.#changed.fire();
  }

  get filter(): string {
    return this.#words.join(' ');
  }

  /** Shows only tickets that have all these words somewhere in what is said of them. */
  set filter(text: string) {
    this.#words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    setContext('filtered', this.#words.length > 0);
    this.#changed.fire();
  }

  shows(ticket: Ticket): boolean {
    if (this.#words.length === 0) return true;
    const said = [
      applianceLabel(ticket),
      ticket.targetFormat,
      stateLabel(ticket.state),
      this.#serverLabel(ticket.server),
      ticket.message,
      ticket.errorMessage ?? '',
      ticket.fileName ?? '',
    ];
    const text = said.join('\n').toLowerCase();
    return this.#words.every((word) => text.includes(word));
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
