import { join } from 'node:path';
import { writeIso } from '../disk/iso.ts';
import { liveFilesIn, writeLiveFiles } from '../disk/live.ts';
import { liveSystem } from '../plan/systems.ts';
import { compressedShare, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { rootOf } from './rootOf.ts';
import { bytesReporter } from './steps.ts';

/** A live system: it starts from a CD, a DVD or a USB stick, on BIOS and UEFI, and writes into memory. */
export const iso: ImageFormat = {
  info: infoOf('ISO', 'A live image for CD, DVD or USB stick (BIOS and UEFI).'),
  system: liveSystem,
  room: () => ({ convert: compressedShare, pack: 1 }),
  async convert(output, context) {
    const { plan, workDir, sandbox } = context;
    const folder = join(workDir, 'live');
    const onProgress = bytesReporter(context, 'compressing the root');
    await writeLiveFiles({ rootTar: rootOf(output), folder, plan, sandbox, onProgress });
    return [folder];
  },
  async pack([folder = ''], _output, { plan, workDir, sandbox, report }) {
    const path = join(workDir, 'packed.iso');
    await writeIso({
      live: liveFilesIn(folder),
      target: path,
      folder: join(workDir, 'iso'),
      ...{ plan, sandbox },
      onProgress: (fraction) => report({ fraction, activity: 'writing the ISO image' }),
    });
    return { path, extension: 'iso', mimeType: 'application/x-iso9660-image' };
  },
};
