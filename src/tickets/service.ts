import type { UForgeClient } from '../uforge/client/client.ts';
import type { Clock } from '../uforge/clock.ts';
import type { Image } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import { parseApplianceUri } from '../uforge/uris.ts';
import type { Clients } from './clients.ts';
import { Emitter, type Event } from './emitter.ts';
import { fetchAll } from './fetchAll.ts';
import { fetchTicket } from './fetchTicket.ts';
import { ticketFromImage, withStatus, type TicketContext } from './fromServer.ts';
import { isFinal } from './state.ts';
import type { TicketStore } from './store.ts';
import { imageIds, type Ticket } from './ticket.ts';
import { isGoneOrEnded, unlessGone, whilePending } from './whilePending.ts';

export interface ApplianceName {
  /** Relative. */
  readonly uri: string;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

export interface GenerateOptions {
  readonly server: string;
  /** On that server; it is asked for name and version unless they are known. */
  readonly appliance: ApplianceName;
  readonly image: Image;
  /** URI of the file the request comes from. */
  readonly definition?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TicketServiceOptions {
  readonly store: TicketStore;
  readonly clients: Clients;
  readonly clock: Clock;
}

/** What a person does with tickets. Everything that comes of it is in the store when the promise resolves. */
export class TicketService {
  readonly #store: TicketStore;
  readonly #clients: Clients;
  readonly #now: () => number;
  readonly #refreshed = new Emitter<string>();

  /** Fires with a server whose tickets have all been asked for. */
  readonly onDidRefresh: Event<string> = this.#refreshed.event;

  constructor({ store, clients, clock }: TicketServiceOptions) {
    this.#store = store;
    this.#clients = clients;
    this.#now = () => clock.now();
  }

  /**
   * Asks for an image (`machineImage_generate`). When the signal is aborted while the server answers, the
   * ticket it may have made is cancelled before the promise rejects.
   * @throws {UForgeError}, `conflict` when that appliance is being generated for that format already
   */
  async generate(options: GenerateOptions): Promise<Ticket> {
    const { server, appliance: given, image, definition, signal } = options;
    const ids = parseApplianceUri(given.uri);
    if (ids === undefined) {
      throw new UForgeError('invalid', `“${given.uri}” is not the URI of an appliance.`);
    }
    const client = await this.#clients(server, signal);
    const isKnown = given.name !== undefined && given.version !== undefined;
    const found = isKnown ? given : await client.appliance_get(ids, { signal });
    signal?.throwIfAborted();
    // Without the signal: a request that was sent may have made a ticket, and that has to be known to be
    // cancelled.
    const answer = await client.machineImage_generate(ids, image);
    const appliance = { uri: found.uri ?? given.uri, name: found.name ?? '', version: found.version ?? '' };
    const context = { server, uid: client.uid, appliance, definition, now: this.#now() };
    const ticket = madeOf({ targetFormat: image.targetFormat, ...answer }, context);
    this.#store.put(ticket);
    if (signal?.aborted === true) await this.cancel(ticket);
    signal?.throwIfAborted();
    return ticket;
  }

  /**
   * Asks for the same image once more (`machineImage_regenerate`): a new ticket from the old one's request.
   * @param force ends the old one first if it still goes on
   * @throws {UForgeError}
   */
  async regenerate(ticket: Ticket, force: boolean, signal?: AbortSignal): Promise<Ticket> {
    return await whilePending(this.#store, ticket, 'regenerate', async () => {
      const client = await this.#clients(ticket.server, signal);
      const answer = await client.machineImage_regenerate({ ...imageIds(ticket), force }, { signal });
      const { server, uid, definition } = ticket;
      const appliance = {
        uri: ticket.applianceUri,
        name: ticket.applianceName,
        version: ticket.applianceVersion,
      };
      const context = { server, uid, appliance, definition, now: this.#now() };
      const again = madeOf({ targetFormat: { name: ticket.targetFormat }, ...answer }, context);
      const ended = force ? await fetchTicket(client, ticket, this.#now, signal) : undefined;
      this.#store.put(...(ended === undefined ? [] : [ended]), again);
      return again;
    });
  }

  /** Calls a generation off (`machineImageGeneration_cancel`). One that has ended stays as it ended. */
  async cancel(ticket: Ticket, signal?: AbortSignal): Promise<Ticket | undefined> {
    return await whilePending(this.#store, ticket, 'cancel', async () => {
      const client = await this.#clients(ticket.server, signal);
      const ids = imageIds(ticket);
      let ended: Ticket | undefined;
      try {
        const status = await client.machineImageGeneration_cancel(ids, { signal });
        ended = withStatus(ticket, status, this.#now());
      } catch (error) {
        if (!isGoneOrEnded(error)) throw error;
      }
      // Not every server says with the answer that it has stopped, and one that had ended has more to tell.
      if (ended?.state !== 'cancelled') ended = await fetchTicket(client, ticket, this.#now, signal);
      if (ended === undefined) this.#store.remove(ticket);
      else this.#store.put(ended);
      return ended;
    });
  }

  /** Deletes an image on its server (`machineImage_delete`); a running one is cancelled first. */
  async remove(ticket: Ticket, signal?: AbortSignal): Promise<void> {
    await whilePending(this.#store, ticket, 'delete', async () => {
      const client = await this.#clients(ticket.server, signal);
      const current = this.#store.get(ticket) ?? ticket;
      if (!isFinal(current.state)) await this.#stop(client, current, signal);
      await unlessGone(client.machineImage_delete(imageIds(ticket), { signal }));
      this.#store.remove(ticket);
    });
  }

  /** Brings the store in line with a server: tickets others have made come, those deleted elsewhere go. */
  async refresh(server: string, signal?: AbortSignal): Promise<void> {
    const client = await this.#clients(server, signal);
    const known = this.#store.all().filter((ticket) => ticket.server === server);
    const found = await fetchAll(client, server, known, this.#now, signal);
    signal?.throwIfAborted();
    const put = found.put.filter((ticket) => {
      const current = this.#store.get(ticket);
      // What was deleted or has ended while the server answered stays so.
      if (current === undefined) return !known.some(({ uri }) => uri === ticket.uri);
      return !isFinal(current.state) || isFinal(ticket.state);
    });
    this.#store.apply({ put, remove: found.remove });
    this.#refreshed.fire(server);
  }

  async #stop(client: UForgeClient, ticket: Ticket, signal?: AbortSignal): Promise<void> {
    try {
      await client.machineImageGeneration_cancel(imageIds(ticket), { signal });
    } catch (error) {
      if (!isGoneOrEnded(error)) throw error;
    }
  }
}

function madeOf(image: Image, context: TicketContext): Ticket {
  const ticket = ticketFromImage(image, context);
  if (ticket !== undefined) return ticket;
  throw new UForgeError('protocol', 'The server took the request but did not say where the ticket is.');
}
