import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import { ticketKey, type Ticket } from '../../tickets/ticket.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';

/** How the tests of images went, as far as all of them were made in one go; kept over windows. */
export class TestedImages implements vscode.Disposable {
  /** By the tickets' keys: when the image was finished, and its outcome. */
  readonly #outcomes: RememberedTexts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: Disposable;

  readonly onDidChange = this.#changed.event;

  constructor(store: TicketStore, outcomes: RememberedTexts) {
    this.#outcomes = outcomes;
    this.#subscription = store.onDidChange(({ removed }) => {
      for (const ticket of removed) void outcomes.set(ticketKey(ticket), undefined);
    });
  }

  /** `tested: 12 of 12`; nothing where nobody has tested this image. */
  labelOf(ticket: Ticket): string | undefined {
    const [version, passed, total] = this.#outcomes.get(ticketKey(ticket))?.split('\n') ?? [];
    // A ticket that was generated again is another image.
    if (version !== versionOf(ticket) || passed === undefined || total === undefined) return undefined;
    return vscode.l10n.t('tested: {0} of {1}', passed, total);
  }

  async remember(ticket: Ticket, passed: number, total: number): Promise<void> {
    await this.#outcomes.set(ticketKey(ticket), `${versionOf(ticket)}\n${passed}\n${total}`);
    this.#changed.fire();
  }

  dispose(): void {
    this.#subscription[Symbol.dispose]();
    this.#changed.dispose();
  }
}

function versionOf({ finished, changed }: Ticket): string {
  return finished ?? changed;
}
