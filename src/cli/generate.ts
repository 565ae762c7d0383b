import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CalledOff, generateToEnd } from '../generate/generateToEnd.ts';
import type { GenerateStep } from '../generate/host.ts';
import { billOfMaterials, sbomEndings } from '../generate/packages/billOfMaterials.ts';
import { testedTemplate } from '../generate/testedTemplate.ts';
import { localServer } from '../tickets/clients.ts';
import { images } from '../tickets/fetchTicket.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { Downloaded } from '../uforge/download/download.ts';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import type { GenerateArguments } from './arguments.ts';
import { openServer } from './connect.ts';
import type { Environment } from './environment.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import { Failure } from './failure.ts';
import { follow } from './follow.ts';
import { processHost } from './processHost.ts';
import type { Reporter } from './reporter.ts';
import { messageOf } from '../uforge/messageOf.ts';

/**
 * From a file to an image that is there and verified.
 * @throws whatever kept it from that; `failureFrom` knows what it means
 */
export async function generate(
  args: GenerateArguments,
  environment: Environment,
  reporter: Reporter,
): Promise<Downloaded> {
  const { clock, signal } = environment;
  const { format, replace, allowOutside } = args;
  const output = resolve(args.output);
  const file = resolve(args.file);
  let stage = '';
  await using server = await openServer(args, environment, clock);
  const host = processHost(server, environment);
  using store = host.store;
  // What could not be tested is not built for a test.
  const tested = args.test ? await testedTemplate(file, host) : undefined;
  const { ticket, downloaded } = await generateToEnd(host, file, {
    ...{ format, replace, allowOutside, output, signal },
    onStep: (step) => tell(step, reporter),
    onPrepared: async (warnings) => {
      for (const { file, problem } of warnings) reporter.problem(file, problem);
      await makeOutput(output);
      if (server.name === localServer) reporter.note('Using the local forge.');
    },
    follow: (requested) => {
      reporter.ticket(requested.uri);
      return follow(images, requested, store, server, reporter, clock, signal);
    },
    onCancel: () => reporter.note('Cancelling on the server.'),
    onDownload: ({ fileName = '' }) => (stage = `Downloading ${fileName}`.trim()),
    onProgress: ({ bytes, total }) => {
      const percentage = total === undefined || total === 0 ? 0 : (bytes / total) * 100;
      reporter.progress({ stage, percentage });
    },
  }).catch((error: unknown) => {
    throw error instanceof CalledOff ? interrupted(error) : error;
  });
  if (ticket === undefined || downloaded === undefined) return fail(ticket);
  for (const each of args.sbom) {
    const path = `${downloaded.path}.${sbomEndings[each]}`;
    const client = await server.clients(ticket.server, signal);
    await writeFile(path, await billOfMaterials(ticket, each, client, clock, signal));
    reporter.note(`Bill of materials: ${path}`);
  }
  if (tested !== undefined) {
    // Loaded here alone, with what starts machines.
    const { testTold } = await import('./test.ts');
    const image = { path: downloaded.path, format: ticket.targetFormat };
    await testTold(image, tested, args.junit, environment, reporter);
  }
  return downloaded;
}

function tell(step: GenerateStep, reporter: Reporter): void {
  if (step.kind === 'pushing') reporter.progress({ stage: step.message, percentage: step.percentage });
  if (step.kind === 'leftOut') for (const problem of step.problems) reporter.problem(step.file, problem);
  if (step.kind !== 'pushed') return;
  const done = step.imported ? 'was imported' : 'has not changed since it was imported';
  reporter.note(`The template ${step.name} ${step.version} ${done}.`);
}

async function makeOutput(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw new Failure(exitCodes.input, `The folder ${folder} can’t be made.`, String(error));
  }
}

function interrupted({ ticket: { uri }, ended, cause }: CalledOff): Failure {
  const sentence = messageOf(cause);
  const outcome =
    ended === undefined || ended.state === 'cancelled' ? 'has been cancelled' : `ended as ${ended.state}`;
  return new Failure(
    exitCodes.interrupted,
    cause === undefined
      ? `Interrupted: the ticket ${uri} ${outcome} on the server.`
      : `Interrupted, but the ticket ${uri} could not be cancelled: ${sentence}`,
  );
}

/** Why there is no file. */
function fail(ticket: Ticket | undefined): never {
  const { failed } = exitCodes;
  if (ticket === undefined) throw new Failure(failed, 'Somebody has deleted the ticket on the server.');
  const what = `${ticket.applianceName} ${ticket.applianceVersion} for ${ticket.targetFormat}`;
  if (ticket.state === 'cancelled') throw new Failure(failed, `${what} was cancelled on the server.`);
  if (ticket.state === 'failed') {
    const why = ticket.errorMessage ?? (ticket.message || 'The server does not say why.');
    throw new Failure(failed, `${what} failed: ${why}`, ticket.detail);
  }
  throw new Failure(failed, `${what} is done, but the server has no file to download.`);
}
