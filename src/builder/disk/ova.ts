import { stat } from 'node:fs/promises';
import type { Plan } from '../plan/plan.ts';
import { writeArchive, type ArchiveFile } from './archive.ts';
import { ovfDescriptor, type OvfDisk, type OvfHardware } from './ovf.ts';

export interface OvaRequest {
  readonly plan: Plan;
  readonly hardware: OvfHardware;
  /** streamOptimized VMDKs of the plan's disks. */
  readonly vmdks: readonly string[];
  readonly target: string;
  readonly signal: AbortSignal;
  /** Bytes of the disks written so far, and in all. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Writes an OVA: the OVF first, then the disks, then the manifest with the SHA-256 of all of them (DSP0243, 6). */
export async function writeOva({
  plan,
  hardware,
  vmdks,
  target,
  signal,
  onProgress,
}: OvaRequest): Promise<void> {
  const disks: OvfDisk[] = await Promise.all(
    vmdks.map(async (path, index) => ({
      fileName: `${plan.fileBase}-disk${index + 1}.vmdk`,
      fileSize: (await stat(path)).size,
      size: plan.disks[index]?.size ?? 0,
    })),
  );
  const machine = { name: plan.applianceName, memorySize: plan.memorySize, hardware, disks };
  const files: ArchiveFile[] = [
    { name: `${plan.fileBase}.ovf`, content: Buffer.from(ovfDescriptor(machine)) },
    ...vmdks.map((path, index) => ({ name: disks[index]?.fileName ?? '', content: { path } })),
    { name: `${plan.fileBase}.mf`, content: manifest },
  ];
  await writeArchive({ files, target, epoch: plan.epoch, signal, onProgress });
}

function manifest(hashes: ReadonlyMap<string, string>): Buffer {
  return Buffer.from([...hashes].map(([name, hash]) => `SHA256 (${name}) = ${hash}\n`).join(''));
}
