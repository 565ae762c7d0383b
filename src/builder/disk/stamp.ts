import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

/** What a disk file says of itself instead of the clock and chance that qemu-img puts there. */
export interface Stamp {
  /** Sixteen bytes. */
  readonly id: Buffer;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** VirtualBox's VDI: the disk's and its last change's ids in the header. */
export async function stampVdi(path: string, { id }: Stamp): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(id, 0, 16, 0x188);
  await file.write(id, 0, 16, 0x198);
}

const vhdFooter = 512;
/** VHD counts seconds from 2000 on. */
const vhdEpoch = Date.UTC(2000, 0, 1) / 1000;

/** A VHD: its footer, and the footer's copy in front of a dynamic disk. Microsoft's specification, "Hard Disk Footer". */
export async function stampVhd(path: string, stamp: Stamp): Promise<void> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  for (const offset of [0, size - vhdFooter]) {
    const footer = await read(file, offset, vhdFooter);
    if (footer.toString('latin1', 0, 8) !== 'conectix') continue;
    footer.writeUInt32BE(Math.max(0, stamp.epoch - vhdEpoch), 24);
    stamp.id.copy(footer, 68);
    footer.writeUInt32BE(0, 64);
    const sum = footer.reduce((total, byte) => total + byte, 0);
    footer.writeUInt32BE(~sum >>> 0, 64);
    await file.write(footer, 0, vhdFooter, offset);
  }
}

const vhdxHeaders = [64 * 1024, 128 * 1024];
const vhdxHeaderSize = 4096;
const vhdxRegionTable = 192 * 1024;
/** The GUIDs as they stand in the file ([MS-VHDX] 2.2.3.2 and 2.6.2.4): the metadata region, the disk's own id. */
const metadataRegion = Buffer.from('06a27c8b90479a4bb8fe575f050f886e', 'hex');
const diskId = Buffer.from('ab12cabee6b2234593efc309e000c746', 'hex');

/**
 * A VHDX: the ids of its last writes and their numbers in both headers, the disk's own id in the metadata. Its log
 * is empty, but what once stood in it is still there.
 */
export async function stampVhdx(path: string, { id }: Stamp): Promise<void> {
  await using file = await open(path, 'r+');
  const headers = await Promise.all(vhdxHeaders.map((offset) => read(file, offset, vhdxHeaderSize)));
  const newest = headers.map((header) => header.readBigUInt64LE(8)).reduce((a, b) => (a > b ? a : b), 0n);
  for (const [index, offset] of vhdxHeaders.entries()) {
    const header = headers[index];
    if (header?.toString('latin1', 0, 4) !== 'head') continue;
    header.writeBigUInt64LE(header.readBigUInt64LE(8) === newest ? 2n : 1n, 8);
    id.copy(header, 16);
    id.copy(header, 32);
    if (index === 0 && header.subarray(48, 64).every((byte) => byte === 0)) {
      const log = Buffer.alloc(header.readUInt32LE(68));
      await file.write(log, 0, log.length, Number(header.readBigUInt64LE(72)));
    }
    header.writeUInt32LE(0, 4);
    header.writeUInt32LE(crc32c(header), 4);
    await file.write(header, 0, vhdxHeaderSize, offset);
  }
  const regions = await read(file, vhdxRegionTable, 64 * 1024);
  const region = entryOf(regions, metadataRegion, 16);
  if (region === undefined) return;
  const start = Number(regions.readBigUInt64LE(region + 16));
  const metadata = await read(file, start, 64 * 1024);
  const item = entryOf(metadata, diskId, 32);
  if (item !== undefined) await file.write(id, 0, 16, start + metadata.readUInt32LE(item + 16));
}

/** Where the entry of 32 bytes begins that has this GUID. */
function entryOf(table: Buffer, guid: Buffer, from: number): number | undefined {
  for (let offset = from; offset + 32 <= table.length; offset += 32) {
    if (table.subarray(offset, offset + 16).equals(guid)) return offset;
  }
  return undefined;
}

async function read(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, offset);
  return bytes;
}

/** CRC-32C (Castagnoli), which zlib does not have. */
function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
