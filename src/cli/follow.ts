import type { Kind } from '../tickets/kind.ts';
import { Poller } from '../tickets/poller.ts';
import type { Tracked } from '../tickets/tracked.ts';
import type { TrackedStore } from '../tickets/trackedStore.ts';
import { untilFinal } from '../tickets/untilFinal.ts';
import type { Clock } from '../uforge/clock.ts';
import { UForgeError } from '../uforge/errors.ts';
import type { Server } from './connect.ts';
import type { Reporter } from './reporter.ts';
import { messageOf } from '../uforge/messageOf.ts';

/** A server that restarts is back by then. */
const patienceMs = 5 * 60_000;

/**
 * Follows a ticket, a publication or a deployment in the store to its end, whatever that is (`untilFinal`).
 * @throws the server's error when it stays away for five minutes or lets us in no more, or the signal's reason
 */
export async function follow<T extends Tracked>(
  kind: Kind<T>,
  record: T,
  store: TrackedStore<T>,
  server: Server,
  reporter: Reporter,
  clock: Clock,
  signal: AbortSignal,
): Promise<T | undefined> {
  const givenUp = new AbortController();
  using poller = new Poller({
    kind,
    store,
    clients: server.clients,
    clock,
  });
  let awaySince: number | undefined;
  // One line for one reason, not one for every try.
  let told: string | undefined;
  using _states = poller.onDidChangeServer(({ online, failure }) => {
    awaySince = online ? undefined : (awaySince ?? clock.now());
    if (failure === undefined) {
      if (online && told !== undefined) reporter.note('The server answers again.');
      if (online) told = undefined;
      return;
    }
    if (isHopeless(failure.error) || clock.now() - (awaySince ?? 0) > patienceMs) {
      givenUp.abort(failure.error);
      return;
    }
    const reason = messageOf(failure.error);
    if (reason !== told) reporter.note(`The server does not answer: ${reason} It is asked again.`);
    told = reason;
  });
  return await untilFinal(record, store, AbortSignal.any([signal, givenUp.signal]), (current) =>
    reporter.progress({ stage: current.message || 'Waiting', percentage: current.percentage }),
  );
}

function isHopeless(error: unknown): boolean {
  return (
    error instanceof UForgeError && ['authentication', 'entitlement', 'tls', 'protocol'].includes(error.kind)
  );
}
