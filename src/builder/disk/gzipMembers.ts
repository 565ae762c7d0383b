import { gzipSync } from 'node:zlib';
import { compressPieces } from './compressPieces.ts';

/** Bytes of the file in each member but the last. */
export const memberSize = 2 ** 20;
const level = 1;

/** gzip of so many zeros. */
export function zeroMember(length: number): Buffer {
  return gzipSync(Buffer.alloc(length), { level: 9 });
}

export interface GzipMembers {
  /** The file's path. */
  readonly source: string;
  /** Bytes. */
  readonly size: number;
  /** Which members, counted from 0 at the start of the file. */
  readonly pieces: Iterable<number>;
  readonly signal: AbortSignal;
}

/**
 * Parts of a file as members of a gzip file (RFC 1952, 2.2), which any gunzip puts together again. Members are
 * independent, so all processors compress. The memory of one is over when the next one is asked for.
 */
export async function* gzipMembers({
  source,
  size,
  pieces,
  signal,
}: GzipMembers): AsyncGenerator<{ readonly index: number; readonly member: Buffer }> {
  const members = compressPieces({
    ...{ source, signal, pieces, pieceSize: memberSize, isPadded: false },
    ...{ method: 'gzip', level },
  });
  for await (const { index, bytes } of members) {
    yield { index, member: bytes ?? zeroMember(Math.min(memberSize, size - index * memberSize)) };
  }
}
