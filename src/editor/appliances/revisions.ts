import * as vscode from 'vscode';
import type { Clients } from '../../tickets/clients.ts';
import type { TicketService } from '../../tickets/service.ts';
import { isFinal } from '../../tickets/state.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Appliance } from '../../uforge/dto.ts';

/** Every server's appliances as last seen: for their view, and to tell which images are out of date. */
export class Revisions implements vscode.Disposable {
  readonly #clients: Clients;
  readonly #appliances = new Map<string, readonly Appliance[]>();
  readonly #changed = new vscode.EventEmitter<string>();

  /** Fires with the server whose appliances were read and are other than before. */
  readonly onDidChange = this.#changed.event;

  constructor(clients: Clients, service: Pick<TicketService, 'onDidRefresh'>) {
    this.#clients = clients;
    // Whoever looks at the images looks at what they were made from, too.
    this.#listening = service.onDidRefresh((server) => void this.refresh(server).catch(() => undefined));
  }

  readonly #listening: Disposable;

  of(server: string): readonly Appliance[] {
    return this.#appliances.get(server) ?? [];
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
    const appliance = this.of(ticket.server).find(({ uri }) => uri === ticket.applianceUri);
    return appliance?.revision !== undefined && appliance.revision > ticket.revision;
  }

  dispose(): void {
    this.#listening[Symbol.dispose]();
    this.#changed.dispose();
  }
}
