import { resolve } from 'node:path';
import { readDefinition } from '../appliance/find/readRegularFile.ts';
import type { GenerateStep } from '../generate/host.ts';
import { prepare, requestTicket, unattended } from '../generate/unattended.ts';
import type { TicketService } from '../tickets/service.ts';
import type { TicketStore } from '../tickets/store.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { downloadImage } from '../uforge/download/download.ts';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import { parseLong } from '../uforge/uris.ts';
import type { GenerateArguments } from './arguments.ts';
import { openServer, type Server } from './connect.ts';
import type { Environment } from './environment.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import { Failure, Interrupted } from './failure.ts';
import { followTicket } from './follow.ts';
import { lastFolder } from './lastFolder.ts';
import { processHost } from './processHost.ts';
import type { Outcome, Reporter } from './reporter.ts';
import { messageOf } from '../uforge/messageOf.ts';

/**
 * From a file to an image that is there and verified.
 * @throws whatever kept it from that; `failureFrom` knows what it means
 */
export async function generate(
  args: GenerateArguments,
  environment: Environment,
  reporter: Reporter,
): Promise<Outcome> {
  const { clock, signal } = environment;
  const host = unattended({
    read: readDefinition,
    stopAt: lastFolder,
    allowOutside: args.allowOutside,
    // The local forge is this user's own: what it has came from here, whoever remembers it.
    mayReplace: () => args.server === '' || args.replace,
    onStep: (step) => tell(step, reporter),
  });
  const prepared = await prepare(resolve(args.file), host, {
    format: args.format,
    forDownload: true,
    signal,
  });
  for (const { file, problem } of prepared.warnings) reporter.problem(file, problem);
  const directory = await outputFolder(resolve(args.output));

  await using server = await openServer(args, environment, clock);
  if (server.isLocal) reporter.note('Using the local forge.');
  const side = processHost(server, environment);
  using store = side.store;
  const ticket = await requestTicket(prepared, host, { ...side, server: server.name, signal });
  reporter.ticket(ticket.uri);
  const ended = await followOrCancel(ticket, store, side.service, server, reporter, environment);
  checkEnd(ended);

  // The address of a forge that was started again is another one.
  const current = await server.clients(server.name, signal);
  return await downloadImage({
    client: current,
    aid: parseLong(ended.aid),
    itid: parseLong(ended.itid),
    directory,
    clock,
    signal,
    onProgress: ({ bytes, total }) => {
      const percentage = total === undefined || total === 0 ? 0 : (bytes / total) * 100;
      reporter.progress({ stage: `Downloading ${ended.fileName ?? ''}`.trim(), percentage });
    },
  });
}

function tell(step: GenerateStep, reporter: Reporter): void {
  if (step.kind === 'pushing') reporter.progress({ stage: step.message, percentage: step.percentage });
  if (step.kind !== 'pushed') return;
  const done = step.imported ? 'was imported' : 'has not changed since it was imported';
  reporter.note(`The template ${step.name} ${step.version} ${done}.`);
}

async function outputFolder(folder: string): Promise<string> {
  try {
    await makeFolder(folder);
    return folder;
  } catch (error) {
    throw new Failure(exitCodes.input, `The folder ${folder} can’t be made.`, String(error));
  }
}

/** Follows the ticket; when interrupted, it is cancelled on the server before anything else happens. */
async function followOrCancel(
  ticket: Ticket,
  store: TicketStore,
  service: TicketService,
  server: Server,
  reporter: Reporter,
  { clock, signal }: Environment,
): Promise<Ticket> {
  try {
    return await followTicket(ticket, store, server, reporter, clock, signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    reporter.note('Cancelling on the server.');
    const ended = await service.cancel(ticket, AbortSignal.timeout(60_000)).catch((reason: unknown) => {
      const sentence = messageOf(reason);
      const message = `Interrupted, but the ticket ${ticket.uri} could not be cancelled: ${sentence}`;
      throw new Failure(exitCodes.interrupted, message);
    });
    const outcome =
      ended === undefined || ended.state === 'cancelled' ? 'has been cancelled' : `ended as ${ended.state}`;
    throw new Failure(
      exitCodes.interrupted,
      `Interrupted: the ticket ${ticket.uri} ${outcome} on the server.`,
    );
  }
}

function checkEnd(ticket: Ticket): void {
  const what = `${ticket.applianceName} ${ticket.applianceVersion} for ${ticket.targetFormat}`;
  if (ticket.state === 'cancelled') {
    throw new Failure(exitCodes.failed, `${what} was cancelled on the server.`);
  }
  if (ticket.state === 'failed') {
    const why = ticket.errorMessage ?? (ticket.message || 'The server does not say why.');
    throw new Failure(exitCodes.failed, `${what} failed: ${why}`, ticket.detail);
  }
  if (!ticket.downloadable) {
    throw new Failure(exitCodes.failed, `${what} is done, but the server has no file to download.`);
  }
}
