import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlannedPartition } from '../plan/disks.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { fatId } from './fat.ts';
import { fileSystems } from './fileSystems.ts';

interface VolumeRequest {
  readonly partition: PlannedPartition;
  /** The raw disk's file. */
  readonly disk: string;
  /** The folder with the files; undefined: none. */
  readonly root: string | undefined;
  /** GRUB for UEFI, which goes into the partition for it. */
  readonly efi: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** New, for scratch files. */
  readonly folder: string;
  readonly sandbox: Sandbox;
}

/** Makes a partition's file system on a raw disk, with the files of a folder. */
export async function writeFileSystem(request: VolumeRequest): Promise<void> {
  const { partition, disk, root, efi, epoch, folder, sandbox } = request;
  const { fileSystem, uuid, label = '', start, size, type, isEfi } = partition;
  if (fileSystem === undefined) return;
  const { script, files = {} } = fileSystems[fileSystem].writer;
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await sandbox.run(script, {
    reads: [...(root === undefined ? [] : [root]), ...(isEfi ? [efi] : [])],
    writes: [folder, dirname(disk)],
    env: {
      ROOT: root ?? '',
      FOLDER: folder,
      DISK: disk,
      TYPE: fileSystem,
      MBR_TYPE: type,
      LABEL: label,
      UUID: uuid,
      ID: fatId(uuid),
      EFI: isEfi ? efi : '',
      EPOCH: String(epoch),
      START: String(start),
      SIZE: String(size),
    },
  });
}
