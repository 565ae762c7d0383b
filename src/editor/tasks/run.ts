import * as vscode from 'vscode';
import type { AgentHost } from '../../agents/host.ts';
import { requestImage } from '../../agents/requestImage.ts';
import { OutsideSourcesRefused } from '../../appliance/archive/packTemplate.ts';
import { DefinitionError } from '../../appliance/text/definitionError.ts';
import { formatProblem } from '../../appliance/text/problem.ts';
import { LaunchError } from '../../forge/process/launch.ts';
import { exitCodeOf } from '../../generate/exitCodeOf.ts';
import { exitCodes, type ExitCode } from '../../generate/exitCodes.ts';
import { stageOf } from '../../tickets/fromServer.ts';
import { isFinal } from '../../tickets/state.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { untilFinal } from '../../tickets/untilFinal.ts';
import { downloadImage } from '../../uforge/download/download.ts';
import { parseLong } from '../../uforge/uris.ts';
import { ActionableError, isAbort } from '../errors.ts';
import { messageOf } from '../../uforge/messageOf.ts';

export interface GenerateTask {
  /** Absolute paths. */
  readonly file: string;
  readonly output: string | undefined;
  readonly format: string | undefined;
  readonly replace: boolean;
  /** Folders outside the template's whose files may be packed; absolute. */
  readonly allowOutside: readonly string[];
  readonly host: AgentHost;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/**
 * From a file to an image, told line by line. Never rejects: what went wrong is in the exit code and the last
 * lines.
 */
export async function runGenerateTask(task: GenerateTask): Promise<ExitCode> {
  const { host, signal, print } = task;
  let ticket: Ticket | undefined;
  try {
    ticket = await request(task);
    const ended = await untilFinal(ticket, host.store, signal, progressPrinter(print));
    return await end(ended, task);
  } catch (error) {
    if (signal.aborted || isAbort(error)) {
      if (ticket !== undefined) await cancel(ticket, task);
      print(vscode.l10n.t('Interrupted.'));
      return exitCodes.interrupted;
    }
    // One line a problem, as the problem matcher reads them.
    if (error instanceof DefinitionError) {
      for (const problem of error.problems) print(formatProblem(problem, error.file));
      if (error instanceof OutsideSourcesRefused)
        print(vscode.l10n.t('Or name their folders in “allowOutside” of the task.'));
    } else print(messageOf(error));
    const isServer = error instanceof ActionableError || error instanceof LaunchError;
    return isServer ? exitCodes.server : exitCodeOf(error);
  }
}

function request({ output, host, print, ...task }: GenerateTask): Promise<Ticket> {
  return requestImage(host, task.file, {
    ...task,
    forDownload: output !== undefined,
    onPrepared: (warnings, server) => {
      for (const { file, problem } of warnings) print(formatProblem(problem, file));
      print(vscode.l10n.t('Generating {0} on {1}', task.file, host.label(server)));
    },
  });
}

/** A line for every new stage and every ten percent. */
function progressPrinter(print: (line: string) => void): (ticket: Ticket) => void {
  let last = '';
  return ({ percentage, message }) => {
    const stage = message === '' ? vscode.l10n.t('Waiting') : stageOf(message);
    const key = `${stage} ${Math.floor(percentage / 10)}`;
    if (key !== last) print(`${String(percentage).padStart(3)} % ${stage}`);
    last = key;
  };
}

async function end(ticket: Ticket | undefined, task: GenerateTask): Promise<ExitCode> {
  const { print, output } = task;
  if (ticket === undefined) {
    print(vscode.l10n.t('This image has been deleted.'));
    return exitCodes.failed;
  }
  const name = `${ticket.applianceName} ${ticket.applianceVersion}`;
  if (ticket.state === 'failed') {
    const why = ticket.errorMessage ?? ticket.message;
    print(vscode.l10n.t('{0} for {1} failed: {2}', name, ticket.targetFormat, why));
    if (ticket.detail !== undefined) print(ticket.detail);
    return exitCodes.failed;
  }
  if (ticket.state === 'cancelled') {
    print(vscode.l10n.t('{0} for {1} was cancelled.', name, ticket.targetFormat));
    return exitCodes.failed;
  }
  if (output === undefined) {
    print(vscode.l10n.t('{0} for {1} is done{2}.', name, ticket.targetFormat, ''));
    return exitCodes.done;
  }
  return download(ticket, output, task);
}

async function download(ticket: Ticket, directory: string, task: GenerateTask): Promise<ExitCode> {
  const { host, signal, print } = task;
  if (!ticket.downloadable) {
    print(vscode.l10n.t('The server has no file to download.'));
    return exitCodes.failed;
  }
  print(vscode.l10n.t('Downloading {0} for {1}', ticket.applianceName, ticket.targetFormat));
  const { path, verified } = await downloadImage({
    client: await host.clients(ticket.server, signal),
    aid: parseLong(ticket.aid),
    itid: parseLong(ticket.itid),
    directory,
    clock: host.clock,
    signal,
  });
  print(vscode.l10n.t('Verified by its {0}.', verified.toUpperCase()));
  print(path);
  return exitCodes.done;
}

/** What nobody waits for any more is not built on. */
async function cancel(ticket: Ticket, { host, print }: GenerateTask): Promise<void> {
  const current = host.store.get(ticket);
  if (current === undefined || isFinal(current.state)) return;
  try {
    await host.service.cancel(current);
    print(vscode.l10n.t('The ticket has been cancelled on the server.'));
  } catch (error) {
    print(vscode.l10n.t('The ticket could not be cancelled: {0}', messageOf(error)));
  }
}
