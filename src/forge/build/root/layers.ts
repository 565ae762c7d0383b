import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntryKind } from '../cache/cache.ts';
import type { StageContext } from '../stages/stage.ts';
import { packRoot, unpackRoot } from './rootTar.ts';

/** A root on the way to the finished one, which the cache keeps packed. */
export interface Layer {
  readonly kind: EntryKind;
  readonly key: string;
  /** What a person calls it: "the base system". */
  readonly title: string;
  /** About how large it is; bytes. */
  readonly size: number;
  /** Makes it: the folder `root` is there afterwards. The fraction is of the making. */
  readonly make: (report: (fraction: number, activity: string) => void) => Promise<void>;
}

/** Of making a layer, packing it is the rest. */
const making = 0.93;

/** The fraction is of laying the layer. */
type Report = (fraction: number, activity: string) => void;

/** This build's own links to a layer of the cache, which stay when the entry goes; false when there is none. */
export async function takeLayer(
  { kind, key }: Pick<Layer, 'kind' | 'key'>,
  { request, cache }: StageContext,
): Promise<boolean> {
  const entry = entryOf(kind, request.workDir);
  const isTaken = await stat(entry).then(
    () => true,
    () => false,
  );
  return isTaken || (await cache.take(kind, key, entry));
}

function entryOf(kind: EntryKind, workDir: string): string {
  return join(workDir, `layer-${kind}`);
}

/**
 * Lays a layer into the new folder `root`: unpacked out of the cache, or made now and kept there. Where another build
 * makes the same one, this one waits for it. Resolves with the size of the packed root.
 */
export async function lay(
  root: string,
  layer: Layer,
  context: StageContext,
  report: Report,
): Promise<number> {
  const { request, cache, sandbox, signal, log } = context;
  const { kind, key, title } = layer;
  const entry = entryOf(kind, request.workDir);
  const tar = join(entry, 'root.tar');
  const unpacked = async (): Promise<boolean> => {
    if (!(await takeLayer(layer, context))) return false;
    log(`From the cache: ${kind}/${key}`);
    await unpackRoot(tar, root, sandbox, (fraction) => report(fraction, `unpacking ${title}`));
    return true;
  };
  try {
    if (!(await unpacked())) {
      const onWait = (): void => report(0, `waiting for another build to install ${title}`);
      await using _lock = await cache.lock(kind, key, signal, onWait);
      if (!(await unpacked())) {
        await layer.make((fraction, activity) => report(fraction * making, activity));
        await mkdir(entry);
        await packRoot({ root, tar, size: layer.size }, sandbox, (fraction) =>
          report(making + (1 - making) * fraction, `keeping ${title} for the next build`),
        );
        await cache.keep(kind, key, entry);
      }
    }
    return (await stat(tar)).size;
  } finally {
    await rm(entry, { recursive: true, force: true });
  }
}
