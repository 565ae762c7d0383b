import { join } from 'node:path';
import { writeIso } from '../disk/iso.ts';
import { liveFilesIn } from '../disk/live.ts';
import { compressedShare, type ImageMaking } from './format.ts';
import { imageIn, liveConverted } from './steps.ts';

/** A live system: it starts from a CD, a DVD or a USB stick, on BIOS and UEFI, and writes into memory. */
export const iso: ImageMaking = {
  shape: 'live ISO',
  room: () => ({ convert: compressedShare, pack: 1 }),
  convert: liveConverted,
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
