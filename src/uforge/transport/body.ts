import type { Readable } from 'node:stream';

/**
 * A stream as a transport's body: its failures become ours, and `return()` lets go of the connection at once.
 */
export function streamBody(stream: Readable, toError: (error: unknown) => Error): AsyncIterable<Uint8Array> {
  // A stream that is let go of may still fail; nobody is left to tell.
  stream.on('error', () => undefined);
  return {
    [Symbol.asyncIterator]() {
      const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      return {
        async next() {
          try {
            return await chunks.next();
          } catch (error) {
            throw toError(error);
          }
        },
        return() {
          stream.destroy();
          return Promise.resolve({ done: true, value: undefined });
        },
      };
    },
  };
}

/** Response headers as a transport gives them: lower case, repeated ones joined. */
export function joinHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')]],
    ),
  );
}
