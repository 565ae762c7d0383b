import type { TicketPoller } from '../../tickets/poller.ts';
import type { TicketService } from '../../tickets/service.ts';
import type { ServerHealth } from './health.ts';
import { serverIn } from './servers.ts';

/** Asks servers that did not answer once more, now: the one named, else all. Those that don't answer again stay as they were. */
export async function retry(
  argument: unknown,
  health: ServerHealth,
  service: TicketService,
  poller: TicketPoller,
): Promise<void> {
  const named = serverIn(argument);
  const servers = named === undefined ? health.offline.map(([server]) => server) : [named];
  poller.wake();
  const results = await Promise.allSettled(servers.map((server) => service.refresh(server)));
  for (const [index, result] of results.entries()) {
    if (result.status === 'rejected') health.failed(servers[index] ?? '', result.reason);
  }
}
