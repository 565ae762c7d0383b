import { rootTar } from '../root/rootTar.ts';
import { compressedShare, type ImageMaking } from './format.ts';
import { asImage, gzipped, imageIn, moveOn } from './steps.ts';

/** The files as they are. */
export const tarGz: ImageMaking = {
  shape: 'root in tar',
  room: ({ compress }) => ({ convert: 0, pack: compress ? compressedShare : 0 }),
  convert: async (context) => await moveOn([rootTar(context.from)], context, 'the root needs no conversion'),
  async pack(context) {
    const { plan, from, into } = context;
    if (plan.compress) await gzipped(rootTar(from), imageIn(into, 'tar.gz'), context);
    else await asImage(rootTar(from), 'tar', context);
  },
};
