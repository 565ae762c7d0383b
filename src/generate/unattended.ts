import { requestFromTemplate } from '../appliance/request/fromTemplate.ts';
import { localServer } from '../tickets/clients.ts';
import type { TicketStore } from '../tickets/store.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { allowedFolders } from './allowedFolders.ts';
import type { GenerateHost, GenerateStep, ServerSide } from './host.ts';
import { InputError } from './inputError.ts';
import { sourceFetcher } from './fetchSource.ts';
import { read, type FileProblem, type ReadOptions } from './read.ts';
import { request } from './request.ts';
import { resolve } from './resolve.ts';

/** Where nobody can be asked: the command line, a task, an agent's tools. */
export interface UnattendedHost extends ServerSide {
  /** Somebody polls it. */
  readonly store: TicketStore;
  /** The server new images are built on, as tickets carry it. Throws a sentence when there is none. */
  server(): string;
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
  /** Where a template's relative sources are looked for that are not beside it. */
  workingFolder(template: string): string;
}

export interface UnattendedOptions extends ReadOptions {
  /** An appliance of that name and version that was not pushed from here may be replaced. */
  readonly replace?: boolean | undefined;
  /**
   * Folders outside the template's whose files may be packed; absolute. And addresses in a private network that may
   * be fetched from.
   */
  readonly allowOutside?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onStep?: (step: GenerateStep) => void;
  /** Nothing is wrong with the files, and the server is asked next. */
  readonly onPrepared?: (warnings: readonly FileProblem[], server: string) => void | Promise<void>;
}

/**
 * From a file to a ticket with nobody to ask: what the options do not allow is refused with a sentence.
 * @throws what keeps it from being made
 */
export async function requestImage(
  host: UnattendedHost,
  file: string,
  { replace, allowOutside = [], signal, onStep, onPrepared, ...options }: UnattendedOptions,
): Promise<Ticket> {
  const decisions: GenerateHost = {
    read: async (path) => {
      await host.release(path);
      return host.read(path);
    },
    stopAt: (path) => host.stopAt(path),
    imagesOf: (template) => [requestFromTemplate(template)],
    pickAppliance: () => Promise.resolve(undefined),
    mayPackOutside: allowedFolders(allowOutside),
    workingFolder: (template) => host.workingFolder(template),
    fetchSource: sourceFetcher({ allowed: allowOutside }),
    // The local forge is the user's own: what it has came from here, whoever remembers it.
    mayReplace: () => replace === true || host.server() === localServer,
    ...(onStep && { onStep }),
  };
  const resolved = await resolve(await read(file, decisions, options), decisions, signal);
  if (resolved === undefined) {
    throw new InputError(
      `Which appliance? ${file} has no <parentUri>, and there is no template beside or above it.`,
    );
  }
  const server = host.server();
  await onPrepared?.(resolved.warnings, server);
  const target = { ...host, server, definition: host.uriOf(file), signal };
  const { tickets, failures } = await request(resolved, decisions, target);
  const [ticket] = tickets;
  if (ticket === undefined) throw failures[0];
  return ticket;
}
