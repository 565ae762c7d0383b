import type { UForgeClient } from '../uforge/client/client.ts';

/** How tickets reach their server. The promise may take a sign-in, or the start of the local forge. */
export type Clients = (server: string, signal?: AbortSignal) => Promise<UForgeClient>;

/**
 * What tickets of the local forge carry as their server. Its real address is another one each time it starts,
 * so a ticket that remembered it would be lost with the next start.
 */
export const localServer = 'http://local-forge.localhost/api';
