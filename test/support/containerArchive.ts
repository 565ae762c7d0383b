import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeArchive } from '../../src/builder/disk/archive.ts';
import { ociArchive } from '../../src/builder/disk/oci.ts';
import type { Plan } from '../../src/builder/plan/plan.ts';
import { tar } from './tar.ts';

/** A container image as the builder writes it, with a file of that size that nothing compresses. */
export async function containerArchive(
  size: number,
): Promise<{ readonly bytes: Buffer; readonly layer: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'container-'));
  try {
    const plan = { applianceName: 'left', version: '1.0', epoch: 0, entrypoint: ['/bin/true'] };
    const rootTar = await tar([{ name: 'content', text: randomBytes(size) }]);
    const layer = gzipSync(rootTar, { level: 0 });
    await writeFile(join(folder, 'root.tar'), rootTar);
    await writeFile(join(folder, 'layer'), layer);
    const context = { signal: new AbortController().signal, onProgress: () => undefined };
    const paths = { rootTar: join(folder, 'root.tar'), layer: join(folder, 'layer') };
    const files = await ociArchive({ plan: plan as unknown as Plan, ...paths, ...context });
    const target = join(folder, 'image.tar');
    await writeArchive({ files, target, epoch: 0, ...context });
    return {
      bytes: await readFile(target),
      layer: `sha256:${createHash('sha256').update(layer).digest('hex')}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
