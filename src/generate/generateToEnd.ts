import { imageIds, type Ticket } from '../tickets/ticket.ts';
import { downloadImage, type Downloaded, type DownloadOptions } from '../uforge/download/download.ts';
import { requestImage, type UnattendedHost, type UnattendedOptions } from './unattended.ts';

export interface ToEndOptions extends UnattendedOptions {
  /** Folder the image is downloaded to; without it, it stays on the server. */
  readonly output: string | undefined;
  readonly signal: AbortSignal;
  /** Waits for the ticket's end (`untilFinal`). */
  readonly follow: (ticket: Ticket) => Promise<Ticket | undefined>;
  readonly onCancel?: () => void;
  readonly onDownload?: (ticket: Ticket) => void;
  readonly onProgress?: DownloadOptions['onProgress'];
}

/** Nobody waits any more: the ticket has been cancelled on its server, or could not be. */
export class CalledOff extends Error {
  override readonly name = 'CalledOff';
  readonly ticket: Ticket;
  /** How it ended; a ticket that is gone has none. */
  readonly ended: Ticket | undefined;

  constructor(ticket: Ticket, ended: Ticket | undefined, options?: ErrorOptions) {
    super('Interrupted.', options);
    this.ticket = ticket;
    this.ended = ended;
  }
}

/**
 * From a file to the end of its ticket, whatever that is, and to the image on the disk where there is one. What
 * nobody waits for any more is not built on.
 * @returns no ticket when somebody has deleted it
 * @throws {CalledOff}, its `cause` is what kept the ticket from being cancelled; and whatever else goes wrong
 */
export async function generateToEnd(
  host: UnattendedHost,
  file: string,
  { output, follow, onCancel, onDownload, onProgress, ...options }: ToEndOptions,
): Promise<{ readonly ticket: Ticket | undefined; readonly downloaded?: Downloaded }> {
  const { signal } = options;
  const requested = await requestImage(host, file, { ...options, forDownload: output !== undefined });
  const ticket = await follow(requested).catch(async (error: unknown) => {
    if (!signal.aborted) throw error;
    onCancel?.();
    const ended = await host.service
      .cancel(requested, AbortSignal.timeout(60_000))
      .catch((cause: unknown) => {
        throw new CalledOff(requested, undefined, { cause });
      });
    throw new CalledOff(requested, ended);
  });
  if (output === undefined || ticket?.downloadable !== true) return { ticket };
  onDownload?.(ticket);
  // Asked for anew: the address of a forge that was started again is another one.
  const client = await host.clients(ticket.server, signal);
  const { clock } = host;
  const ids = imageIds(ticket);
  const progress = onProgress && { onProgress };
  const downloaded = await downloadImage({ client, ...ids, directory: output, clock, signal, ...progress });
  return { ticket, downloaded };
}
