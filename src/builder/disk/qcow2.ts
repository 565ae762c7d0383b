import { open, stat } from 'node:fs/promises';
import { Appender } from './appender.ts';
import { chunksOf, dataExtents } from './blockMap.ts';
import { compressPieces } from './compressPieces.ts';
import type { DiskWriting } from './diskWriting.ts';

/**
 * A writer for QCOW2 version 3 (QEMU's docs/interop/qcow2.txt). Our own because qemu-img is either quick (-W, blocks
 * in any order) or makes the same bytes twice, never both; here the cores compress and one writer keeps the order.
 */
export interface Qcow2Request extends DiskWriting {
  readonly compress: boolean;
}

const clusterBits = 16;
const clusterSize = 2 ** clusterBits;
const l2Entries = clusterSize / 8;
const refcountsPerBlock = clusterSize / 2;
const copied = 1n << 63n;
const compressedFlag = 1n << 62n;
/** Where the count of further sectors begins in the descriptor of a compressed cluster. */
const sectorCountShift = BigInt(62 - (clusterBits - 8));

export async function writeQcow2(request: Qcow2Request): Promise<void> {
  const { source, target, compress, signal, onProgress } = request;
  const clusters = [...chunksOf(await dataExtents(source, request.sandbox), clusterSize)];
  await using output = await open(target, 'w');
  const { size } = await stat(source);
  const l2Count = Math.ceil(size / clusterSize / l2Entries);
  const l1Clusters = Math.max(1, Math.ceil((l2Count * 8) / clusterSize));
  const tables = new Map<number, BigUint64Array>();
  const refcounts = new Refcounts();

  // Header, then the first-level table, then data; the second-level tables and the counts come last.
  const out = new Appender(output, (1 + l1Clusters) * clusterSize);
  let written = 0;

  const pieces = compressPieces({
    ...{ source, signal, pieces: clusters, pieceSize: clusterSize, isPadded: true },
    ...{ method: compress ? 'zstd' : 'none', level: 1 },
  });
  for await (const { index: cluster, bytes } of pieces) {
    written += 1;
    if (written % 64 === 0 || written === clusters.length)
      onProgress(written * clusterSize, clusters.length * clusterSize);
    if (bytes === undefined) continue;
    const isWhole = bytes.length === clusterSize;
    // Uncompressed clusters lie on whole clusters of the file.
    if (isWhole) await out.pad(clusterSize);
    const offset = await out.append(bytes);
    refcounts.add(offset, bytes.length);
    const table = tables.get(Math.floor(cluster / l2Entries)) ?? new BigUint64Array(l2Entries);
    tables.set(Math.floor(cluster / l2Entries), table);
    table[cluster % l2Entries] = isWhole
      ? BigInt(offset) | copied
      : compressedDescriptor(offset, bytes.length);
  }

  await out.pad(clusterSize);
  const l1 = Buffer.alloc(l1Clusters * clusterSize);
  for (const [index, table] of tables) {
    const offset = await out.append(bigEndian(table));
    refcounts.add(offset, clusterSize);
    l1.writeBigUInt64BE(BigInt(offset) | copied, index * 8);
  }
  refcounts.add(0, (1 + l1Clusters) * clusterSize);
  const { offset, tableClusters, bytes } = refcounts.place(out.end);
  await out.append(bytes);
  await out.flush();
  await output.write(
    header({ size, l1Size: l2Count, compress, refcountOffset: offset, tableClusters }),
    0,
    clusterSize,
    0,
  );
  await output.write(l1, 0, l1.length, clusterSize);
  await output.truncate(out.end);
}

/** Bits 0 to 53: where it begins; above: how many 512-byte sectors it touches besides the first. */
function compressedDescriptor(offset: number, length: number): bigint {
  const sectors = Math.floor((offset + length - 1) / 512) - Math.floor(offset / 512);
  return compressedFlag | (BigInt(sectors) << sectorCountShift) | BigInt(offset);
}

/** How often each cluster of the file is used: 16 bits each, in blocks that a table lists. */
class Refcounts {
  readonly #counts: number[] = [];

  add(offset: number, length: number): void {
    const last = Math.floor((offset + length - 1) / clusterSize);
    for (let cluster = Math.floor(offset / clusterSize); cluster <= last; cluster++) {
      this.#counts[cluster] = (this.#counts[cluster] ?? 0) + 1;
    }
  }

  /** The table and its blocks for a file that has `end` bytes so far; they count themselves, too. */
  place(end: number): { offset: number; tableClusters: number; bytes: Buffer } {
    let [blocks, tableClusters] = [0, 0];
    for (;;) {
      const total = end / clusterSize + blocks + tableClusters;
      const neededBlocks = Math.ceil(total / refcountsPerBlock);
      const neededTable = Math.ceil((neededBlocks * 8) / clusterSize);
      if (neededBlocks === blocks && neededTable === tableClusters) break;
      [blocks, tableClusters] = [neededBlocks, neededTable];
    }
    this.add(end, (blocks + tableClusters) * clusterSize);
    const bytes = Buffer.alloc((tableClusters + blocks) * clusterSize);
    const firstBlock = end + tableClusters * clusterSize;
    for (let block = 0; block < blocks; block++) {
      bytes.writeBigUInt64BE(BigInt(firstBlock + block * clusterSize), block * 8);
    }
    for (const [cluster, count = 0] of this.#counts.entries()) {
      bytes.writeUInt16BE(count, tableClusters * clusterSize + cluster * 2);
    }
    return { offset: end, tableClusters, bytes };
  }
}

interface Header {
  readonly size: number;
  readonly l1Size: number;
  readonly compress: boolean;
  readonly refcountOffset: number;
  readonly tableClusters: number;
}

/** Version 3; incompatible feature bit 3 says that a compression type is named: 1 is zstd (QEMU 5.1 and newer). */
function header({ size, l1Size, compress, refcountOffset, tableClusters }: Header): Buffer {
  const bytes = Buffer.alloc(clusterSize);
  bytes.write('QFI\xfb', 0, 'latin1');
  bytes.writeUInt32BE(3, 4);
  bytes.writeUInt32BE(clusterBits, 20);
  bytes.writeBigUInt64BE(BigInt(size), 24);
  bytes.writeUInt32BE(l1Size, 36);
  bytes.writeBigUInt64BE(BigInt(clusterSize), 40);
  bytes.writeBigUInt64BE(BigInt(refcountOffset), 48);
  bytes.writeUInt32BE(tableClusters, 56);
  bytes.writeBigUInt64BE(compress ? 8n : 0n, 72);
  bytes.writeUInt32BE(4, 96);
  bytes.writeUInt32BE(112, 100);
  bytes.writeUInt8(compress ? 1 : 0, 104);
  return bytes;
}

function bigEndian(table: BigUint64Array): Buffer {
  const bytes = Buffer.alloc(table.length * 8);
  table.forEach((entry, index) => bytes.writeBigUInt64BE(entry, index * 8));
  return bytes;
}
