import { join } from 'node:path';
import { writeIso } from '../disk/iso.ts';
import { liveFilesIn, writeLiveFiles } from '../disk/live.ts';
import { rootTar } from '../root/rootTar.ts';
import { compressedShare, type ImageMaking } from './format.ts';
import { bytesReporter, imageIn } from './steps.ts';

/** A live system: it starts from a CD, a DVD or a USB stick, on BIOS and UEFI, and writes into memory. */
export const iso: ImageMaking = {
  shape: 'live ISO',
  room: () => ({ convert: compressedShare, pack: 1 }),
  async convert(context) {
    const { plan, from, into, sandbox } = context;
    const onProgress = bytesReporter(context, 'compressing the root');
    await writeLiveFiles({ rootTar: rootTar(from), folder: into, plan, sandbox, onProgress });
  },
  async pack({ plan, from, into, sandbox, report }) {
    await writeIso({
      live: liveFilesIn(from),
      target: imageIn(into, 'iso'),
      folder: join(into, 'iso'),
      ...{ plan, sandbox },
      onProgress: (fraction) => report({ fraction, activity: 'writing the ISO image' }),
    });
  },
};
