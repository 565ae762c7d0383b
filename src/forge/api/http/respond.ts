import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { encode, type MediaType } from '../../../uforge/codec/codec.ts';
import type { DtoOfRoot, RootName } from '../../../uforge/dto.ts';
import { isSystemError } from '../../../uforge/systemError.ts';
import { notFound } from '../refusal.ts';
import type { Answer, BytesAnswer, DtoAnswer, FileAnswer, Representation, TextAnswer } from './answer.ts';
import { lastModifiedHeader, notModified } from './conditional.ts';
import { rangeOf } from './range.ts';

/** How an answer is sent. */
export interface Manner {
  /** The status code of success. */
  readonly success: number;
  readonly mediaType: MediaType;
  readonly now: Date;
  /** What the answer was made from has not changed since. */
  readonly lastChanged?: Date | undefined;
}

/** What depends on more than the database: the mirror, the load. */
const undatable: ReadonlySet<RootName> = new Set(['packages', 'package', 'serviceStatus']);

/** An answer without a date of its own has that of the last change of anything. */
function lastModifiedOf({ root, lastModified }: DtoAnswer, lastChanged: Date | undefined): Date | undefined {
  return lastModified ?? (undatable.has(root) ? undefined : lastChanged);
}

/** Sends an answer: with validators, 304 where the client has it already, and no body for HEAD. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  { success, mediaType, now, lastChanged }: Manner,
): Promise<void> {
  switch (answer.kind) {
    case 'empty':
      response.writeHead(204).end();
      return;
    case 'dto':
      sendDto(request, response, answer, success, mediaType, lastModifiedOf(answer, lastChanged), now);
      return;
    case 'file':
      await sendFile(request, response, answer);
      return;
    case 'bytes':
      sendBytes(request, response, answer);
      return;
    case 'text':
      await sendText(request, response, answer);
  }
}

/** Whether the client has this very answer already, so that it would get a 304. */
export function hasAlready(request: IncomingMessage, answer: Answer, mediaType: MediaType): boolean {
  if (answer.kind !== 'dto') return false;
  return notModified(request.headers, representationOf(answer, mediaType).etag, answer.lastModified);
}

function sendDto(
  request: IncomingMessage,
  response: ServerResponse,
  answer: DtoAnswer,
  success: number,
  mediaType: MediaType,
  lastModified: Date | undefined,
  now: Date,
): void {
  const { body, etag } = representationOf(answer, mediaType);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.setHeader('etag', `"${etag}"`);
  response.setHeader('vary', 'Accept, Prefer');
  response.setHeader('cache-control', 'private, no-cache');
  if (lastModified !== undefined) response.setHeader('last-modified', lastModifiedHeader(lastModified, now));
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && notModified(request.headers, etag, lastModified)) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(success, {
    // As a whole: UForge's own SDK takes nothing else for XML. The encoding is in the XML declaration.
    'content-type': mediaType,
    'content-length': body.byteLength,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function representationOf({ root, value, written }: DtoAnswer, mediaType: MediaType): Representation {
  const representation = written.get(mediaType) ?? represent(root, value, mediaType);
  written.set(mediaType, representation);
  return representation;
}

/** The document and its ETag: of XML the DTO's own `digest`, where it has one, the same 32 hex digits. */
function represent<R extends RootName>(root: R, value: DtoOfRoot<R>, mediaType: MediaType): Representation {
  // Lists and a few others have no digest; all the rest have a `dbId` beside it. It is that of the thing, so
  // one in XML and in JSON; an ETag is that of its representation (RFC 9110, 8.8.3).
  if (!('dbId' in value)) {
    const body = Buffer.from(encode(root, value, mediaType));
    return { body, etag: hashOf(body) };
  }
  const digest = hashOf(encode(root, value, 'application/xml'));
  const body = Buffer.from(encode(root, { ...value, digest }, mediaType));
  return { body, etag: mediaType === 'application/xml' ? digest : hashOf(body) };
}

function hashOf(document: string | Buffer): string {
  return createHash('sha256').update(document).digest('hex').slice(0, 32);
}

async function sendFile(request: IncomingMessage, response: ServerResponse, file: FileAnswer): Promise<void> {
  await using handle = await openFile(file);
  const { size } = await handle.stat();
  const etag = file.sha256;
  response.setHeader('etag', `"${etag}"`);
  response.setHeader('last-modified', file.lastModified.toUTCString());
  response.setHeader('accept-ranges', 'bytes');
  if (notModified(request.headers, etag, file.lastModified)) {
    response.writeHead(304).end();
    return;
  }
  const range = rangeOf(request.headers, size, etag);
  if (request.method !== 'HEAD') file.onSend?.();
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': file.mimeType,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
    'content-length': range === undefined ? size : range.end - range.start + 1,
    'cache-control': 'private, no-store',
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${size}` }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const stream = handle.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024, ...range });
  await pipeline(stream, response);
}

function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  { body, mimeType }: BytesAnswer,
): void {
  const etag = createHash('sha256').update(body).digest('hex');
  response.setHeader('etag', `"${etag}"`);
  response.setHeader('cache-control', 'private, no-cache');
  if (notModified(request.headers, etag, undefined)) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-type': mimeType, 'content-length': body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function sendText(request: IncomingMessage, response: ServerResponse, text: TextAnswer): Promise<void> {
  await using handle = await openFile(text);
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(handle.createReadStream({ autoClose: false }), response);
}

/** @throws {Refusal} 404 for a file that somebody has removed from the data folder */
async function openFile({ path, missing }: FileAnswer | TextAnswer): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) throw notFound(missing);
    throw error;
  }
}
