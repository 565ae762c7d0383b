import { UForgeError } from '../errors.ts';
import type { TransportResponse } from '../transport/transport.ts';

/**
 * Reads a whole body as UTF-8. A body of more than `maxBytes` is a `protocol` error, and is not read further.
 */
export async function readText(response: TransportResponse, maxBytes: number): Promise<string> {
  const { text, complete } = await readSome(response, maxBytes);
  if (!complete) throw new UForgeError('protocol', `The server's answer is longer than ${maxBytes} bytes.`);
  return text;
}

/** Reads a body as UTF-8 up to `maxBytes`; what comes after that is thrown away. */
export async function readStart(response: TransportResponse, maxBytes: number): Promise<string> {
  return (await readSome(response, maxBytes)).text;
}

/** Lets go of a body nobody wants, so that its connection is free again. */
export async function discard(response: TransportResponse): Promise<void> {
  await response.body[Symbol.asyncIterator]().return?.();
}

async function readSome(
  response: TransportResponse,
  maxBytes: number,
): Promise<{ text: string; complete: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return { text, complete: false };
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), complete: true };
}
