import { join } from 'node:path';
import { discard } from '../client/body.ts';
import type { UForgeClient } from '../client/client.ts';
import { sleep, type Clock } from '../clock.ts';
import { makeFolder } from './makeFolder.ts';
import { Part } from './part.ts';
import { expectedFile, freePath, sizeOf, type Expected } from './target.ts';
import type { Long } from '../dto.ts';
import { UForgeError } from '../errors.ts';
import type { TransportResponse } from '../transport/transport.ts';

export interface DownloadOptions {
  readonly client: UForgeClient;
  readonly aid: Long;
  readonly itid: Long;
  /** Made when it is not there. */
  readonly directory: string;
  readonly clock: Clock;
  /** Bytes so far and in all; undefined while the server has not said. A few times a second. */
  readonly onProgress?: (progress: { readonly bytes: number; readonly total: number | undefined }) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Downloaded {
  readonly path: string;
  readonly bytes: number;
  /** What the file was checked by: the best the server offered. */
  readonly verified: 'sha256' | 'md5' | 'size';
}

/** Breaks in a row without a byte in between after which a download gives up; the part stays. */
const patience = 5;
const progressEveryMs = 150;

/**
 * Downloads a ticket's image (`machineImage_get` for a fresh key, then `machineImage_downloadFile`) into
 * `NAME.part`, goes on where a break or an earlier try stopped, verifies size and checksum, and only then
 * gives the file its name. Rejects with `UForgeError`, the file system's error or the signal's reason; the
 * part stays, except when it turned out to be damaged.
 */
export async function downloadImage(options: DownloadOptions): Promise<Downloaded> {
  const expected = await askFor(options);
  await makeFolder(options.directory);
  const partPath = join(options.directory, `${expected.fileName}.part`);
  const left = (await sizeOf(partPath)) ?? 0;
  // Without a checksum nothing would tell that a part is another image's.
  const keep = expected.checksum !== undefined && left <= (expected.size ?? Infinity);
  const resumed = keep && left > 0;
  await using part = await Part.open(partPath, expected.checksum, keep, options.signal);
  let total = await fill(part, expected, options);
  if (resumed && problemWith(part, expected, total) !== undefined) {
    await part.restart();
    total = await fill(part, await askFor(options), options);
  }
  const problem = problemWith(part, expected, total);
  if (problem !== undefined) {
    await part.discard();
    throw new UForgeError('protocol', `${expected.fileName} arrived damaged and was deleted: ${problem}`);
  }
  const { bytes } = part;
  const path = await freePath(options.directory, expected.fileName);
  await part.finish(path);
  return { path, bytes, verified: expected.checksum?.algorithm ?? 'size' };
}

async function askFor({ client, aid, itid, signal }: DownloadOptions): Promise<Expected> {
  return expectedFile(await client.machineImage_get({ aid, itid }, { signal, fresh: true }));
}

/** Writes what is missing. Resolves with the size of the whole file, as far as anybody said. */
async function fill(part: Part, first: Expected, options: DownloadOptions): Promise<number | undefined> {
  let total = first.size;
  let etag: string | undefined;
  let expected: Expected | undefined = first;
  let breaks = 0;
  const report = reporter(options, () => ({ bytes: part.bytes, total }));
  report(true);
  for (;;) {
    if (total !== undefined && part.bytes >= total) break;
    const before = part.bytes;
    try {
      expected ??= await askFor(options);
      const response = await request(expected, part.bytes, etag, options);
      expected = undefined;
      if (response.status !== 206 && part.bytes > 0) await part.restart();
      etag = strongEtag(response) ?? etag;
      total = wholeSize(response, part.bytes) ?? total;
      for await (const chunk of response.body) {
        await part.append(chunk);
        report(false);
        if (total !== undefined && part.bytes > total) {
          throw new UForgeError('protocol', `The server sent more than the ${total} bytes of the image.`);
        }
      }
      if (total === undefined) break;
      if (part.bytes === before) throw new UForgeError('network', 'The server sent nothing.');
    } catch (error) {
      options.signal?.throwIfAborted();
      expected = undefined;
      if (part.bytes > before) breaks = 0;
      if (++breaks >= triesAfter(error)) throw error;
      if (error instanceof UForgeError && error.status === 416) await part.restart();
      await sleep(options.clock, 500 * 2 ** breaks, options.signal);
    }
  }
  report(true);
  return total;
}

async function request(
  expected: Expected,
  from: number,
  etag: string | undefined,
  { client, aid, itid, signal }: DownloadOptions,
): Promise<TransportResponse> {
  const key = { aid, itid, downloadId: expected.downloadKey };
  const call = {
    signal,
    // The key is spent with the first answer; trying again with it is of no use.
    attempts: 1,
    ...(from > 0 && { range: `bytes=${from}-`, ...(etag !== undefined && { ifRange: etag }) }),
  };
  const response =
    expected.remoteName === undefined
      ? await client.machineImage_download(key, call)
      : await client.machineImage_downloadFile({ ...key, fileName: expected.remoteName }, call);
  if (response.status === 206 && contentRange(response)?.start !== from) {
    await discard(response);
    throw new UForgeError('protocol', 'The server sent another part of the file than it was asked for.');
  }
  return response;
}

/** How many breaks in a row may be like this one: a spent key or a range that is none any more, just one. */
function triesAfter(error: unknown): number {
  if (!(error instanceof UForgeError)) return 0;
  if (['network', 'timeout', 'server'].includes(error.kind)) return patience;
  const passing = error.status === 416 || ['authentication', 'entitlement', 'notFound'].includes(error.kind);
  return passing ? 2 : 0;
}

function problemWith(part: Part, expected: Expected, total: number | undefined): string | undefined {
  const size = expected.size ?? total;
  if (size !== undefined && part.bytes !== size) return `it has ${part.bytes} bytes instead of ${size}.`;
  if (expected.checksum && part.digest() !== expected.checksum.value) {
    return `its ${expected.checksum.algorithm} checksum is ${part.digest()} instead of ${expected.checksum.value}.`;
  }
  return undefined;
}

function strongEtag(response: TransportResponse): string | undefined {
  const { etag } = response.headers;
  return etag?.startsWith('W/') ? undefined : etag;
}

function contentRange(response: TransportResponse): { start: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers['content-range'] ?? '');
  return match
    ? { start: Number(match[1]), total: match[2] === '*' ? undefined : Number(match[2]) }
    : undefined;
}

function wholeSize(response: TransportResponse, from: number): number | undefined {
  const range = contentRange(response);
  if (response.status === 206 && range) return range.total;
  const length = Number(response.headers['content-length'] ?? NaN);
  return Number.isFinite(length) ? length + (response.status === 206 ? from : 0) : undefined;
}

function reporter(
  { clock, onProgress }: DownloadOptions,
  progress: () => { bytes: number; total: number | undefined },
): (now: boolean) => void {
  let next = 0;
  return (now) => {
    if (!onProgress || (!now && clock.now() < next)) return;
    next = clock.now() + progressEveryMs;
    onProgress(progress());
  };
}
