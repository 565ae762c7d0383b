import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether the client has this representation already (RFC 9110, 13.2.2: the ETag decides when both are sent).
 */
export function notModified(
  headers: IncomingHttpHeaders,
  etag: string,
  lastModified: Date | undefined,
): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.split(',').some((tag) => ['*', `"${etag}"`, `W/"${etag}"`].includes(tag.trim()));
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  // A date that is still to come says nothing of what the client has.
  return lastModified !== undefined && since <= Date.now() && wholeSecond(lastModified) <= since;
}

/**
 * The `Last-Modified` header's date. The header knows whole seconds only: what changed in the second that is
 * still going on may change in it again, so it is told to have changed the second before, and asked for anew
 * it is sent.
 */
export function lastModifiedHeader(lastModified: Date, now: Date): string {
  const second = wholeSecond(lastModified);
  return new Date(second < wholeSecond(now) ? second : second - 1000).toUTCString();
}

function wholeSecond(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}
