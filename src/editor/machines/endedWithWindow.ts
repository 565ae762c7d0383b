import * as vscode from 'vscode';
import type { TicketId } from '../../tickets/ticket.ts';
import { commandId } from '../commandIds.ts';
import { offer } from '../errors.ts';
import { warn } from '../messages.ts';

/** What a machine was started from: a ticket, or the URI of a file. */
export type StartedFrom = TicketId | string;

interface Remembered {
  readonly title: string;
  readonly from: StartedFrom;
}

const key = 'machines';

/** Writes down which machines run: when the window goes, they go with it and nobody can say so any more. */
export async function rememberRunning(state: vscode.Memento, running: readonly Remembered[]): Promise<void> {
  const kept = running.map(({ title, from }) => ({ title, from }));
  await state.update(key, kept.length === 0 ? undefined : kept);
}

/** Says which machines have ended with the window that was here before, once, and starts them again. */
export async function tellEndedWithWindow(state: vscode.Memento): Promise<void> {
  const ended = state.get<readonly Remembered[]>(key, []);
  if (ended.length === 0) return;
  await rememberRunning(state, []);
  const titles = ended.map(({ title }) => title).join(', ');
  const message =
    ended.length === 1
      ? vscode.l10n.t('{0} has ended with its window, and what had changed in it is gone.', titles)
      : vscode.l10n.t(
          '{0} machines have ended with their window, and what had changed in them is gone: {1}.',
          ended.length,
          titles,
        );
  const again = {
    title: vscode.l10n.t('Start Again'),
    run: async (): Promise<void> => {
      for (const { from } of ended) {
        const image = typeof from === 'string' ? vscode.Uri.parse(from, true) : from;
        await vscode.commands.executeCommand(commandId('startImage'), image);
      }
    },
  };
  await offer(warn, message, [again]);
}
