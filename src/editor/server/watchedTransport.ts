import { UForgeError } from '../../uforge/errors.ts';
import type { Transport } from '../../uforge/transport/transport.ts';
import type { ServerHealth } from './health.ts';

/** The transport, with word to the server's health of every answer and of every connection that failed. */
export function watchedTransport(transport: Transport, server: string, health: ServerHealth): Transport {
  return {
    async request(request) {
      try {
        const response = await transport.request(request);
        // Refused credentials are told by whoever asked: it knows whether they were new.
        if (response.status !== 401) health.answered(server);
        return response;
      } catch (error) {
        if (error instanceof UForgeError && request.signal?.aborted !== true) health.failed(server, error);
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}
