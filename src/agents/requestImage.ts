import type { GenerateStep } from '../generate/host.ts';
import type { FileProblem } from '../generate/read.ts';
import { prepare, requestTicket, unattended } from '../generate/unattended.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { AgentHost } from './host.ts';

export interface ImageOptions {
  /** Name of a target format: chooses a template's builder, overrides a request's. */
  readonly format?: string | undefined;
  readonly forDownload?: boolean;
  /** An appliance of that name and version that was not pushed from here may be replaced. */
  readonly replace?: boolean | undefined;
  /** Folders outside the template's whose files may be packed; absolute. */
  readonly allowOutside?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onStep?: (step: GenerateStep) => void;
  /** Nothing is wrong with the files, and the server is asked next. */
  readonly onPrepared?: (warnings: readonly FileProblem[], server: string) => void;
}

/** From a file to a ticket for whoever has a host and nobody to ask: tools, tasks, other extensions. */
export async function requestImage(
  host: AgentHost,
  path: string,
  { replace, allowOutside, onStep, onPrepared, ...options }: ImageOptions,
): Promise<Ticket> {
  const decisions = unattended({
    read: async (file) => {
      await host.release(file);
      return host.read(file);
    },
    stopAt: (file) => host.stopAt(file),
    mayReplace: () => replace === true || host.isLocal(host.server()),
    allowOutside,
    onStep,
  });
  const prepared = await prepare(path, decisions, options);
  const server = host.server();
  onPrepared?.(prepared.warnings, server);
  const target = { ...host, server, definition: host.uriOf(path), signal: options.signal };
  return requestTicket(prepared, decisions, target);
}
