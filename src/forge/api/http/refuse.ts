import type { IncomingMessage, ServerResponse } from 'node:http';
import { encode, type MediaType } from '../../../uforge/codec/codec.ts';
import { translations } from '../../../uforge/language/languages.ts';
import { languageOf } from '../language/asked.ts';
import type { Refusal } from '../refusal.ts';
import { isBrowser } from './site.ts';

/**
 * Sends a `uforgeError`. A body that was not read to its end costs the connection, never the next request.
 */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: Refusal,
  mediaType: MediaType,
  now: Date,
): void {
  const language = languageOf(request.headers['accept-language']);
  const body = encode(
    'uforgeError',
    {
      localizedErrorMsg: {
        message: refusal.sentence.in(translations[language]),
        messageId: refusal.messageId,
        parameters: refusal.parameters,
      },
      requestMethod: request.method ?? '',
      // Without the query: it may hold a download key.
      requestUri: (request.url ?? '').replace(/\?.*$/s, ''),
      statusCode: refusal.status,
      timestamp: now,
    },
    mediaType,
  );
  response.setHeader('content-language', language);
  response.setHeader('vary', 'Accept, Accept-Language');
  if (!request.complete) response.setHeader('connection', 'close');
  const { 'www-authenticate': challenge, ...headers } = refusal.headers;
  response.writeHead(refusal.status, {
    ...headers,
    // A browser would show a dialog for a password, which any page could bring up.
    ...(challenge !== undefined && !isBrowser(request.headers) && { 'www-authenticate': challenge }),
    'content-type': mediaType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
