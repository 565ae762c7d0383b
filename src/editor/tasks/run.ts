import * as vscode from 'vscode';
import type { AgentHost } from '../../agents/host.ts';
import { OutsideSourcesRefused } from '../../appliance/archive/packTemplate.ts';
import { DefinitionError } from '../../appliance/text/definitionError.ts';
import { formatProblem } from '../../appliance/text/problem.ts';
import { LaunchError } from '../../forge/process/launch.ts';
import { exitCodeOf } from '../../generate/exitCodeOf.ts';
import { exitCodes, type ExitCode } from '../../generate/exitCodes.ts';
import { CalledOff, generateToEnd, type ToEndOptions } from '../../generate/generateToEnd.ts';
import { stageOf } from '../../tickets/fromServer.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { untilFinal } from '../../tickets/untilFinal.ts';
import type { Downloaded } from '../../uforge/download/download.ts';
import { ActionableError, isAbort, sentenceOf } from '../errors.ts';

/** Paths are absolute. */
export interface GenerateTask extends Pick<ToEndOptions, 'output' | 'format' | 'replace' | 'allowOutside'> {
  readonly file: string;
  readonly host: AgentHost;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/**
 * From a file to an image, told line by line. Never rejects: what went wrong is in the exit code and the last
 * lines.
 */
export async function runGenerateTask({ file, host, print, ...options }: GenerateTask): Promise<ExitCode> {
  const { signal, output } = options;
  try {
    const { ticket, downloaded } = await generateToEnd(host, file, {
      ...options,
      onPrepared: (warnings, server) => {
        for (const each of warnings) print(formatProblem(each.problem, each.file));
        print(vscode.l10n.t('Generating {0} on {1}', file, host.label(server)));
      },
      follow: (requested) => untilFinal(requested, host.store, signal, progressPrinter(print)),
      onDownload: ({ applianceName, targetFormat }) =>
        print(vscode.l10n.t('Downloading {0} for {1}', applianceName, targetFormat)),
    });
    const { code, lines } = endOf(ticket, output, downloaded);
    lines.forEach(print);
    return code;
  } catch (error) {
    if (signal.aborted || isAbort(error)) {
      if (error instanceof CalledOff) print(callingOff(error));
      print(vscode.l10n.t('Interrupted.'));
      return exitCodes.interrupted;
    }
    // One line a problem, as the problem matcher reads them.
    if (error instanceof DefinitionError) {
      for (const problem of error.problems) print(formatProblem(problem, error.file));
      if (error instanceof OutsideSourcesRefused)
        print(vscode.l10n.t('Or name their folders in “allowOutside” of the task.'));
    } else print(sentenceOf(error));
    const isServer = error instanceof ActionableError || error instanceof LaunchError;
    return isServer ? exitCodes.server : exitCodeOf(error);
  }
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

interface End {
  readonly code: ExitCode;
  readonly lines: readonly string[];
}

function endOf(ticket: Ticket | undefined, output: string | undefined, downloaded?: Downloaded): End {
  const failed = (...lines: readonly string[]): End => ({ code: exitCodes.failed, lines });
  const done = (...lines: readonly string[]): End => ({ code: exitCodes.done, lines });
  if (ticket === undefined) return failed(vscode.l10n.t('This image has been deleted.'));
  const { state, targetFormat, message, errorMessage = message, detail } = ticket;
  const name = `${ticket.applianceName} ${ticket.applianceVersion}`;
  if (state === 'failed') {
    const sentence = vscode.l10n.t('{0} for {1} failed: {2}', name, targetFormat, errorMessage);
    return failed(sentence, ...(detail === undefined ? [] : [detail]));
  }
  if (state === 'cancelled') return failed(vscode.l10n.t('{0} for {1} was cancelled.', name, targetFormat));
  if (output === undefined) return done(vscode.l10n.t('{0} for {1} is done{2}.', name, targetFormat, ''));
  if (downloaded === undefined) return failed(vscode.l10n.t('The server has no file to download.'));
  const { path, verified } = downloaded;
  return done(vscode.l10n.t('Verified by its {0}.', verified.toUpperCase()), path);
}

function callingOff({ cause }: CalledOff): string {
  return cause === undefined
    ? vscode.l10n.t('The ticket has been cancelled on the server.')
    : vscode.l10n.t('The ticket could not be cancelled: {0}', sentenceOf(cause));
}
