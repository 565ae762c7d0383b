import type { ServerSide } from '../generate/host.ts';
import type { TicketStore } from '../tickets/store.ts';

/** Where an agent's tools work: an editor's window, or the MCP server. Nobody can be asked there. */
export interface AgentHost extends ServerSide {
  /** Somebody polls it. */
  readonly store: TicketStore;
  /** The server new images are built on, as tickets carry it. Throws a sentence when there is none. */
  server(): string;
  /** What a person calls a server. */
  label(server: string): string;
  /** The local forge is the user's own: what it has may be replaced. */
  isLocal(server: string): boolean;
  /** The absolute path an agent means. @throws {InputError} for one that can't be told */
  pathOf(file: string): string;
  /** URI of a file, as tickets keep it. */
  uriOf(path: string): string;
  /** A file's text as the person sees it: what is not saved yet counts. */
  read(path: string): Promise<string>;
  /**
   * Makes sure that what is to be built is on the disk and may be built. Throws a sentence that says why not.
   */
  release(path: string): Promise<void>;
  /** The last folder a template is looked for in. */
  stopAt(path: string): string | Promise<string>;
}
