import type { UForgeClient } from '../uforge/client/client.ts';

/** How tickets reach their server. The promise may take a sign-in, or the start of the local forge. */
export type Clients = (server: string, signal?: AbortSignal) => Promise<UForgeClient>;
