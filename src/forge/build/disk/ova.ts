import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import type { Plan } from '../plan.ts';
import { ovfDescriptor } from './ovf.ts';

export interface OvaRequest {
  readonly plan: Plan;
  /** A streamOptimized VMDK. */
  readonly vmdk: string;
  readonly target: string;
  readonly signal: AbortSignal;
  /** Bytes of the disk written so far, and in all. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Writes an OVA: a ustar archive with the OVF first, then the disk, then the manifest with their SHA-256. */
export async function writeOva({ plan, vmdk, target, signal, onProgress }: OvaRequest): Promise<void> {
  const { size } = await stat(vmdk);
  const names = {
    ovf: `${plan.fileBase}.ovf`,
    vmdk: `${plan.fileBase}-disk1.vmdk`,
    mf: `${plan.fileBase}.mf`,
  };
  const descriptor = Buffer.from(
    ovfDescriptor({
      name: plan.applianceName,
      memorySize: plan.memorySize,
      vmdkName: names.vmdk,
      vmdkSize: size,
      diskSize: plan.disks[0]?.size ?? 0,
    }),
  );
  const archive = pack();
  const writing = pipeline(archive, createWriteStream(target), { signal });
  const attributes = { mode: 0o644, mtime: new Date(plan.epoch * 1000), uid: 0, gid: 0 };
  const addFile = (name: string, bytes: Buffer): void => {
    archive.entry({ name, ...attributes }, bytes);
  };

  addFile(names.ovf, descriptor);
  const hash = createHash('sha256');
  let done = 0;
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      done += chunk.length;
      onProgress(done, size);
      next(null, chunk);
    },
  });
  const copying = pipeline(
    createReadStream(vmdk, { highWaterMark: 2 ** 20 }),
    hashed,
    archive.entry({ name: names.vmdk, size, ...attributes }),
    { signal },
  );
  try {
    await Promise.race([copying, writing]);
  } catch (error) {
    archive.destroy();
    await Promise.allSettled([copying, writing]);
    throw error;
  }
  const descriptorHash = createHash('sha256').update(descriptor).digest('hex');
  const manifest = `SHA256 (${names.ovf}) = ${descriptorHash}\nSHA256 (${names.vmdk}) = ${hash.digest('hex')}\n`;
  addFile(names.mf, Buffer.from(manifest));
  archive.finalize();
  await writing;
}
