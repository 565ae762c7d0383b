import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipFile } from '../disk/gzipFile.ts';
import { ociArchive } from '../disk/oci.ts';
import type { StageReport } from '../model.ts';
import { rootTar } from '../root/rootTar.ts';
import { compressedShare, type ImageMaking } from './format.ts';
import { archived, bytesReporter, writing } from './steps.ts';

const layerIn = (folder: string): string => join(folder, 'layer.tar.gz');

/** A container image of one layer: an OCI layout in a tar archive, with the manifest that older Dockers look for. */
export const container: ImageMaking = {
  shape: 'OCI archive',
  room: () => ({ convert: compressedShare, pack: 1 }),
  async convert(context) {
    const { from, into } = context;
    await gzipFile(writing(rootTar(from), layerIn(into), 'compressing the layer', context));
    // The manifest has the sum of the layer as it was before, too.
    await rename(rootTar(from), rootTar(into));
  },
  async pack(context) {
    const half = (start: number) => (report: StageReport) =>
      context.report({ ...report, fraction: start + (report.fraction ?? 0) / 2 });
    const files = await ociArchive({
      plan: context.plan,
      rootTar: rootTar(context.from),
      layer: layerIn(context.from),
      signal: context.signal,
      onProgress: bytesReporter({ report: half(0) }, 'checksums of the layer'),
    });
    await archived(files, 'tar', { ...context, report: half(0.5) });
  },
};
