import * as vscode from 'vscode';
import type { Clients } from '../../tickets/clients.ts';
import type { TicketService } from '../../tickets/service.ts';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Appliance } from '../../uforge/dto.ts';

/** Every server's appliances as last seen: for their view, and to tell which images are out of date. */
export class Revisions implements vscode.Disposable {
  readonly #clients: Clients;
  readonly #appliances = new Map<string, readonly Appliance[]>();
  readonly #changed = new vscode.EventEmitter<string>();

  /** Fires with the server whose appliances were read and are other than before. */
  readonly onDidChange = this.#changed.event;

  constructor(
    clients: Clients,
    service: Pick<TicketService, 'onDidRefresh'>,
    store: Pick<TicketStore, 'onDidChange'>,
  ) {
    this.#clients = clients;
    const again = (server: string): void => void this.refresh(server).catch(() => undefined);
    this.#listening = [
      // Whoever looks at the images looks at what they were made from, too.
      service.onDidRefresh(again),
      // Whoever asks for an image may have pushed its appliance before.
      store.onDidChange(({ added }) => {
        const news = added.filter((ticket) => !isFinal(ticket.state) && !this.#knows(ticket));
        for (const server of new Set(news.map((ticket) => ticket.server))) again(server);
      }),
    ];
  }

  readonly #listening: readonly Disposable[];

  /** `undefined` as long as the server has not been asked. */
  of(server: string): readonly Appliance[] | undefined {
    return this.#appliances.get(server);
  }

  /** Reads a server's appliances (`appliance_getAll`). */
  async refresh(server: string, signal?: AbortSignal): Promise<readonly Appliance[]> {
    const client = await this.#clients(server, signal);
    const { appliances } = await client.appliance_getAll({}, { signal });
    const known = this.#appliances.get(server);
    this.#appliances.set(server, appliances);
    // The client hands out the same answer again when nothing has changed.
    if (known !== appliances) this.#changed.fire(server);
    return appliances;
  }

  /** Whether the appliance has moved on since the image was made. Unknown counts as no. */
  isStale(ticket: Ticket): boolean {
    if (!isFinal(ticket.state) || ticket.revision === undefined) return false;
    const revision = this.#applianceOf(ticket)?.revision;
    return revision !== undefined && revision > ticket.revision;
  }

  dispose(): void {
    for (const each of this.#listening) each[Symbol.dispose]();
    this.#changed.dispose();
  }

  #applianceOf({ server, applianceUri }: Ticket): Appliance | undefined {
    return this.of(server)?.find(({ uri }) => uri === applianceUri);
  }

  #knows(ticket: Ticket): boolean {
    const appliance = this.#applianceOf(ticket);
    return appliance !== undefined && (appliance.revision ?? 0) >= (ticket.revision ?? 0);
  }
}
