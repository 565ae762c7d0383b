import { requestFromTemplate } from '../appliance/request/fromTemplate.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { allowedFolders } from './allowedFolders.ts';
import type { GenerateHost, GenerateStep, Target } from './host.ts';
import { InputError } from './inputError.ts';
import { read, type ReadOptions } from './read.ts';
import { request } from './request.ts';
import { resolve, type Resolved } from './resolve.ts';

export interface UnattendedOptions extends Pick<GenerateHost, 'read' | 'stopAt' | 'mayReplace'> {
  /** Folders outside the template's whose files may be packed. */
  readonly allowOutside?: readonly string[] | undefined;
  readonly onStep?: ((step: GenerateStep) => void) | undefined;
}

/** Nobody can be asked: what the options do not allow is refused with a sentence. */
export function unattended({ allowOutside = [], onStep, ...rest }: UnattendedOptions): GenerateHost {
  return {
    ...rest,
    imagesOf: (template) => [requestFromTemplate(template)],
    pickAppliance: () => Promise.resolve(undefined),
    mayPackOutside: allowedFolders(allowOutside),
    ...(onStep && { onStep }),
  };
}

/** From a file to what is to be sent, with nobody to ask; no server is asked. */
export async function prepare(
  file: string,
  host: GenerateHost,
  { signal, ...options }: ReadOptions & { readonly signal?: AbortSignal | undefined },
): Promise<Resolved> {
  const resolved = await resolve(await read(file, host, options), host, signal);
  if (resolved !== undefined) return resolved;
  throw new InputError(
    `Which appliance? ${file} has no <parentUri>, and there is no template beside or above it.`,
  );
}

/** From there to the ticket. @throws what keeps it from being made */
export async function requestTicket(resolved: Resolved, host: GenerateHost, target: Target): Promise<Ticket> {
  const { tickets, failures } = await request(resolved, host, target);
  const [ticket] = tickets;
  if (ticket === undefined) throw failures[0];
  return ticket;
}
