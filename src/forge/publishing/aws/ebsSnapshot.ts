import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { sleep } from '../../../uforge/clock.ts';
import { PlatformError } from '../platformError.ts';
import type { PlatformContext, Transferred } from '../publisher.ts';
import { itemsOf, type AwsClient } from './awsClient.ts';

const blockSize = 512 * 1024;
const nothing = Buffer.alloc(blockSize);
/** Blocks on their way at the same time. */
const lanes = 16;
const gib = 2 ** 30;
const pauseMs = 3000;

/** Begins a snapshot for a disk of that size in bytes; nobody sees it before it is complete. */
export async function startSnapshot(
  client: AwsClient,
  size: number,
  { name, token }: { readonly name: string; readonly token: string },
): Promise<string> {
  const { SnapshotId: id } = await client.ebs({
    ...{ method: 'POST', path: '', to: 'start a snapshot' },
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(
      JSON.stringify({
        VolumeSize: Math.ceil(size / gib),
        Description: name,
        ClientToken: token,
        // Minutes without a block after which AWS gives it up by itself.
        Timeout: 60,
        Tags: [{ Key: 'Name', Value: name }],
      }),
    ),
  });
  if (typeof id === 'string') return id;
  throw new PlatformError('AWS did not say which snapshot it has started.');
}

/** Sends what a raw disk holds; blocks of zeros are what a snapshot has anyway. @returns how many were sent */
export async function putBlocks(
  client: AwsClient,
  snapshot: string,
  disk: FileHandle,
  context: { readonly signal: AbortSignal; readonly onProgress: (bytes: Transferred) => void },
): Promise<number> {
  const { size } = await disk.stat();
  const count = Math.ceil(size / blockSize);
  let [next, seen, sent] = [0, 0, 0];
  const lane = async (): Promise<void> => {
    const block = Buffer.alloc(blockSize);
    for (let index = next++; index < count; index = next++) {
      context.signal.throwIfAborted();
      const { bytesRead } = await disk.read(block, 0, blockSize, index * blockSize);
      // The last block of a disk may be shorter, a block of a snapshot is not.
      block.fill(0, bytesRead);
      if (!block.equals(nothing)) {
        await putBlock(client, snapshot, index, block);
        sent += 1;
      }
      seen += 1;
      context.onProgress({ done: Math.min(size, seen * blockSize), total: size });
    }
  };
  // None is left behind: what comes after a failure removes the snapshot and closes the disk.
  const ended = await Promise.allSettled(
    Array.from({ length: lanes }, () =>
      lane().catch((error: unknown) => {
        next = count;
        throw error;
      }),
    ),
  );
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return sent;
}

async function putBlock(client: AwsClient, snapshot: string, index: number, block: Buffer): Promise<void> {
  await client.ebs({
    ...{ method: 'PUT', path: `/${snapshot}/blocks/${index}`, to: 'store a block of the disk' },
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(blockSize),
      // The block has a checksum of its own, so the signature is over all but the body, as AWS's own tools do it.
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      'x-amz-checksum': createHash('sha256').update(block).digest('base64'),
      'x-amz-checksum-algorithm': 'SHA256',
      'x-amz-data-length': String(blockSize),
    },
    body: block,
  });
}

/** @param blocks how many were sent: AWS compares */
export async function completeSnapshot(
  client: AwsClient,
  snapshot: string,
  blocks: number,
  { clock, signal }: PlatformContext,
): Promise<void> {
  await client.ebs({
    ...{ method: 'POST', path: `/completion/${snapshot}`, to: 'complete the snapshot' },
    headers: { 'x-amz-changedblockscount': String(blocks) },
  });
  for (;;) {
    const parameters = { 'SnapshotId.1': snapshot };
    const { snapshotSet } = await client.ec2('DescribeSnapshots', parameters, 'describe the snapshot');
    const { status, statusMessage } = itemsOf(snapshotSet)[0] ?? {};
    if (status === 'completed') return;
    if (status !== 'pending') {
      throw new PlatformError('AWS could not complete the snapshot.', {
        detail: [status, statusMessage].filter((each) => typeof each === 'string').join(': '),
      });
    }
    await sleep(clock, pauseMs, signal);
  }
}
