import { join } from 'node:path';
import { gzipFile } from '../disk/gzipFile.ts';
import { containerSystem } from '../plan/systems.ts';
import { compressedShare, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { rootOf } from './rootOf.ts';
import { writing } from './steps.ts';

/** The files as they are. */
export const targz: ImageFormat = {
  info: infoOf('tar.gz', 'All files of the appliance, without a kernel, in an archive.'),
  system: containerSystem,
  room: ({ compress }) => ({ convert: 0, pack: compress ? compressedShare : 0 }),
  convert(output, { report }) {
    report({ fraction: 1, activity: 'the root needs no conversion' });
    return Promise.resolve([rootOf(output)]);
  },
  async pack([tar = ''], _output, context) {
    if (!context.plan.compress) return { path: tar, extension: 'tar', mimeType: 'application/x-tar' };
    const path = join(context.workDir, 'packed.tar.gz');
    await gzipFile(writing(tar, path, 'gzip', context));
    return { path, extension: 'tar.gz', mimeType: 'application/gzip' };
  },
};
