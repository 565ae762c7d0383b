import { isFinal } from './state.ts';
import type { TicketStore } from './store.ts';
import type { Ticket, TicketId } from './ticket.ts';

/**
 * Waits for a ticket's end, whatever that is; somebody else polls. Resolves with nothing when the ticket has
 * been deleted, rejects with the signal's reason. `onChange` hears of every state on the way.
 */
export async function untilFinal(
  id: TicketId,
  store: TicketStore,
  signal: AbortSignal,
  onChange: (ticket: Ticket) => void = () => undefined,
): Promise<Ticket | undefined> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Ticket | undefined>();
  const check = (): void => {
    const current = store.get(id);
    if (current === undefined || isFinal(current.state)) resolve(current);
    else onChange(current);
  };
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  const changes = store.onDidChange(check);
  try {
    check();
    return await promise;
  } finally {
    changes[Symbol.dispose]();
    signal.removeEventListener('abort', stop);
  }
}
