import type { IncomingMessage } from 'node:http';
import { decodeAs, mediaTypeOf } from '../../../uforge/codec/codec.ts';
import type { DtoOfRoot, RootName } from '../../../uforge/dto.ts';
import { UForgeError } from '../../../uforge/errors.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';
import { checkCharacters } from './characters.ts';

/** Largest DTO that is read, bytes. */
const largestDto = 4 * 1024 * 1024;

/** The request's body as the DTO of that root. @throws {Refusal} 400, 413 or 415 */
export async function readDto<R extends RootName>(request: IncomingMessage, root: R): Promise<DtoOfRoot<R>> {
  const mediaType = mediaTypeOf(request.headers['content-type']);
  if (mediaType === undefined) {
    throw new Refusal(
      'ERROR.REQUEST.MEDIA_TYPE',
      sentence`The Content-Type must be application/xml or application/json.`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of bounded(request, largestDto)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value = decodeAs(root, text, mediaType);
    checkCharacters(value, root);
    return value;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const why = error instanceof UForgeError ? error.message : sentence`It is not UTF-8 text.`;
    throw new Refusal('ERROR.REQUEST.BODY', sentence`The body of the request can't be read: ${why}`, {
      cause: error,
    });
  }
}

/**
 * The body's bytes. @throws {Refusal} 413 when more than `limit` are announced, or as soon as there are more
 */
export async function* bounded(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  if (Number(request.headers['content-length']) > limit) throw tooLarge(limit);
  let total = 0;
  // Whoever stops reading early still owes the client an answer, over this very connection.
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  for await (const chunk of chunks) {
    total += chunk.byteLength;
    if (total > limit) throw tooLarge(limit);
    yield chunk;
  }
}

function tooLarge(limit: number): Refusal {
  return new Refusal(
    'ERROR.REQUEST.TOO_LARGE',
    sentence`The body is larger than ${Math.floor(limit / 1024 ** 2)} MB.`,
  );
}

/** What is still read of a body nobody wants, bytes and ms. */
const drained = { bytes: 64 * 1024 ** 2, ms: 5000 };

/**
 * Reads the rest of a body and throws it away, within bounds: a client that is still sending when the
 * connection closes may never see the answer.
 */
export async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let total = 0;
    const timer = setTimeout(done, drained.ms);
    function hear(chunk: Uint8Array): void {
      total += chunk.byteLength;
      if (total > drained.bytes) done();
    }
    function done(): void {
      clearTimeout(timer);
      request.off('data', hear).off('end', done).off('close', done).pause();
      resolve();
    }
    request.on('data', hear).once('end', done).once('close', done);
  });
}
