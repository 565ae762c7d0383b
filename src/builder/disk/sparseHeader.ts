const block = 512;
/** Where the four pairs of a header begin, and how many an extension block has. */
const [pairsAt, pairsInHeader, pairsInExtension] = [386, 4, 21];

/** A stretch of a file that is in the archive; bytes. */
interface Stretch {
  readonly start: number;
  readonly length: number;
}

interface SparseFile {
  /** 100 bytes at most. */
  readonly name: string;
  /** Holes included. */
  readonly size: number;
  /** Whole blocks, in order. */
  readonly stretches: readonly Stretch[];
  /** Seconds since 1970. */
  readonly epoch: number;
}

/**
 * The header of a file with holes in a tar archive, in GNU's old format (tar's manual, “Storing Sparse Files”, and
 * `struct oldgnu_header` of its tar.h): the header, then as many blocks with the rest of the map as it takes. The data
 * of the stretches follows, one after the other.
 */
export function sparseHeader({ name, size, stretches, epoch }: SparseFile): Buffer {
  const end = stretches.at(-1);
  const endsWithHole = end === undefined || end.start + end.length < size;
  // A hole at the end is an empty stretch there.
  const map = endsWithHole ? [...stretches, { start: size, length: 0 }] : stretches;
  const extensions = Math.ceil(Math.max(0, map.length - pairsInHeader) / pairsInExtension);
  const bytes = Buffer.alloc((1 + extensions) * block);
  bytes.write(name, 0, 100, 'latin1');
  for (const [offset, value] of [
    [100, 0o644],
    [108, 0],
    [116, 0],
  ] as const) {
    bytes.write(value.toString(8).padStart(7, '0'), offset, 'latin1');
  }
  number(
    bytes,
    124,
    stretches.reduce((sum, { length }) => sum + length, 0),
  );
  number(bytes, 136, epoch);
  bytes.write('S', 156, 'latin1');
  bytes.write('ustar  \0', 257, 'latin1');
  number(bytes, 483, size);
  for (const [index, { start, length }] of map.entries()) {
    const at = placeOf(index);
    number(bytes, at, start);
    number(bytes, at + 12, length);
  }
  if (extensions > 0) bytes.writeUInt8(1, 482);
  for (let extension = 1; extension < extensions; extension++) bytes.writeUInt8(1, extension * block + 504);
  // The sum is over the first block, with blanks where it stands.
  bytes.fill(' ', 148, 156, 'latin1');
  const sum = bytes.subarray(0, block).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0`, 148, 'latin1');
  return bytes;
}

/** Where a pair of the map stands. */
function placeOf(index: number): number {
  if (index < pairsInHeader) return pairsAt + index * 24;
  const further = index - pairsInHeader;
  return block * (1 + Math.floor(further / pairsInExtension)) + (further % pairsInExtension) * 24;
}

/** Twelve bytes: octal digits, or beyond 8 GiB the number itself with the first bit set. */
function number(bytes: Buffer, offset: number, value: number): void {
  if (value < 8 ** 11) {
    bytes.write(value.toString(8).padStart(11, '0'), offset, 'latin1');
    return;
  }
  bytes.writeUInt8(0x80, offset);
  bytes.writeBigUInt64BE(BigInt(value), offset + 4);
}
