import * as vscode from 'vscode';
import { ActionableError } from '../errors.ts';
import { messageOf } from '../../uforge/messageOf.ts';

/** Requests to servers at the same time. */
const atOnce = 4;

/**
 * Does something with each ticket or what else there is, some at a time. One that fails keeps no other from its turn; in the end
 * one error tells of all that failed, with the first one's reason.
 */
export async function forEachTicket<T>(
  tickets: readonly T[],
  work: (ticket: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  const queue = [...tickets];
  const worker = async (): Promise<void> => {
    for (let ticket = queue.shift(); ticket !== undefined; ticket = queue.shift()) {
      try {
        await work(ticket);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failures.length === 0) return;
  if (failures.length === 1) throw failures[0] as Error;
  throw new ActionableError(
    vscode.l10n.t(
      '{0} of {1} failed. The first: {2}',
      failures.length,
      tickets.length,
      messageOf(failures[0]),
    ),
  );
}
