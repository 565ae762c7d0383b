import type { TicketService } from '../../../tickets/service.ts';
import type { TicketStore } from '../../../tickets/store.ts';
import { withViewProgress } from '../../progress.ts';
import type { Servers } from '../../server/servers.ts';
import { imagesViewId } from './view.ts';

/** Brings the view in line with every server that has images in it, is signed in to, or builds new images. */
export async function refreshImages(
  store: TicketStore,
  service: TicketService,
  servers: Servers,
): Promise<void> {
  const ready = await Promise.all(
    servers.all.map(async (server) => ((await servers.isReady(server)) ? [server] : [])),
  );
  const all = new Set([servers.current, ...ready.flat(), ...store.all().map(({ server }) => server)]);
  await withViewProgress(imagesViewId, async () => {
    const results = await Promise.allSettled([...all].map((server) => service.refresh(server)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  });
}
