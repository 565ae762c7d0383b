import { join } from 'node:path';
import { gzipFile } from '../disk/gzipFile.ts';
import { ociArchive } from '../disk/oci.ts';
import { containerSystem } from '../plan/systems.ts';
import { compressedShare, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { rootOf } from './rootOf.ts';
import type { StageReport } from '../stages/progress.ts';
import { archived, bytesReporter, writing } from './steps.ts';

/** A container image of one layer: an OCI layout in a tar archive, with the manifest that older Dockers look for. */
export function containerFormat(name: string, description: string): ImageFormat {
  return {
    info: infoOf(name, description),
    system: containerSystem,
    room: () => ({ convert: compressedShare, pack: 1 }),
    async convert(output, context) {
      const path = join(context.workDir, 'layer.tar.gz');
      await gzipFile(writing(rootOf(output), path, 'compressing the layer', context));
      return [path];
    },
    async pack([layer = ''], output, context) {
      const half = (from: number) => (report: StageReport) =>
        context.report({ ...report, fraction: from + (report.fraction ?? 0) / 2 });
      const onProgress = bytesReporter({ report: half(0) }, 'checksums of the layer');
      const files = await ociArchive({
        plan: context.plan,
        rootTar: rootOf(output),
        layer,
        signal: context.signal,
        onProgress,
      });
      return {
        path: await archived(files, 'tar', { ...context, report: half(0.5) }),
        extension: 'tar',
        mimeType: 'application/x-tar',
      };
    },
  };
}
