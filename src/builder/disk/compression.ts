/** What a thread that compresses does all its life. */
export interface CompressorData {
  /** The file's path. */
  readonly source: string;
  readonly method: 'zlib' | 'gzip';
  readonly level: number;
  /** Bytes. */
  readonly pieceSize: number;
  /** The file's last piece is filled up with zeros. */
  readonly isPadded: boolean;
}

/** Memory goes there and back: what one side has given away, it can't see any more. */
export interface Batch {
  readonly pieces: readonly number[];
  /** Where their compressed bytes go: `roomFor` as many pieces, or more. */
  readonly room: ArrayBuffer;
}

/** The answer to a batch: the pieces' bytes one after the other, and how many each has; 0: nothing but zeros. */
export interface Compressed {
  readonly lengths: readonly number[];
  readonly room: ArrayBuffer;
}

/** What so many pieces may become; bytes. */
export function roomFor(pieces: number, pieceSize: number): number {
  return pieces * chunkFor(pieceSize);
}

/** What one piece may become: zlib's bound is five bytes in 16 KiB more, and a header. Bytes. */
export function chunkFor(pieceSize: number): number {
  return pieceSize + Math.ceil(pieceSize / 1024) + 64;
}
