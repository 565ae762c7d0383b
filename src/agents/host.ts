import type { PushMemory } from '../appliance/archive/push.ts';
import type { Clients } from '../tickets/clients.ts';
import type { TicketService } from '../tickets/service.ts';
import type { TicketStore } from '../tickets/store.ts';
import type { Clock } from '../uforge/clock.ts';

/** Where an agent's tools work: an editor's window, or the MCP server. Nobody can be asked there. */
export interface AgentHost {
  /** Somebody polls it. */
  readonly store: TicketStore;
  readonly service: TicketService;
  readonly clients: Clients;
  readonly memory: PushMemory;
  readonly clock: Clock;
  /** The server new images are built on, as tickets carry it. Throws a sentence when there is none. */
  server(): string;
  /** What a person calls a server. */
  label(server: string): string;
  /** The local forge is the user's own: what it has may be replaced. */
  isLocal(server: string): boolean;
  /** The absolute path an agent means. @throws {InputError} for one that can't be told */
  pathOf(file: string): string;
  /** A file's text as the person sees it: what is not saved yet counts. */
  read(path: string): Promise<string>;
  /** Makes sure that what is to be built is on the disk and may be. Throws a sentence that says why not. */
  release(path: string): Promise<Released>;
}

export interface Released {
  /** URI of the file, for the ticket. */
  readonly definition: string;
  /** The last folder a template is looked for in. */
  readonly stopAt?: string | undefined;
}
