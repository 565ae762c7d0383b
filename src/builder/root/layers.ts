import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntryKind } from '../cache/cache.ts';
import type { StageContext } from '../stages/stage.ts';
import { changesOf, packChanges, takeStock, unpackChanges } from './rootChanges.ts';
import { packRoot, unpackRoot } from './rootTar.ts';

/** A root on the way to the finished one, which the cache keeps packed: all of it, or how it differs from another. */
export interface Layer {
  readonly kind: EntryKind;
  readonly key: string;
  /** What a person calls it: "the base system". */
  readonly title: string;
  /** About how large it is packed; bytes. */
  readonly size: number;
  /** The layer it changes. */
  readonly under?: Layer;
  /** Makes it: the folder `root` is there afterwards. The fraction is of the making. */
  readonly make: (report: (fraction: number, activity: string) => void) => Promise<void>;
}

/** Of making a layer, packing it is the rest. */
const making = 0.93;
/** Of a layer with another one under it, that one takes as much: when the cache has it, and when it has to be made. */
const underShare = { cached: 0.4, made: 0.85 };

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
 * makes the same one, this one waits for it. Resolves with the size of what is packed for it, in bytes.
 */
export async function lay(
  root: string,
  layer: Layer,
  context: StageContext,
  report: Report,
): Promise<number> {
  const { request, cache, signal } = context;
  const { kind, key, title } = layer;
  const entry = entryOf(kind, request.workDir);
  const laying = { root, layer, entry };
  try {
    if (await takeLayer(layer, context)) return await unpackLayer(laying, context, report);
    const onWait = (): void => report(0, `waiting for another build to install ${title}`);
    await using _lock = await cache.lock(kind, key, signal, onWait);
    if (await takeLayer(layer, context)) return await unpackLayer(laying, context, report);
    return await makeLayer(laying, context, report);
  } finally {
    await rm(entry, { recursive: true, force: true });
  }
}

interface Laying {
  readonly root: string;
  readonly layer: Layer;
  /** This build's links to the cache's entry, or where the new one is made. */
  readonly entry: string;
}

/** What is under it first; with its size, and a report for the rest. */
async function layUnder(
  { root, layer: { under } }: Laying,
  context: StageContext,
  report: Report,
): Promise<{ readonly below: number; readonly rest: Report }> {
  if (under === undefined) return { below: 0, rest: report };
  const isCached = await context.cache.has(under.kind, under.key);
  const share = isCached ? underShare.cached : underShare.made;
  const below = await lay(root, under, context, (fraction, activity) => report(share * fraction, activity));
  return { below, rest: (fraction, activity) => report(share + (1 - share) * fraction, activity) };
}

async function unpackLayer(laying: Laying, context: StageContext, report: Report): Promise<number> {
  const { root, layer, entry } = laying;
  const { sandbox, log } = context;
  const { below, rest } = await layUnder(laying, context, report);
  log(`From the cache: ${layer.kind}/${layer.key}`);
  const tell = (fraction: number): void => rest(fraction, `unpacking ${layer.title}`);
  if (layer.under === undefined) await unpackRoot(wholeOf(entry), root, sandbox, tell);
  else await unpackChanges({ root, entry }, sandbox, tell);
  return below + (await packedSize(laying));
}

async function makeLayer(laying: Laying, context: StageContext, report: Report): Promise<number> {
  const { root, layer, entry } = laying;
  const { request, cache, sandbox } = context;
  const { kind, key, title, size, under } = layer;
  const { below, rest } = await layUnder(laying, context, report);
  const stock = join(request.workDir, `stock-${kind}`);
  if (under !== undefined) await takeStock({ root, stock }, sandbox);
  await layer.make((fraction, activity) => rest(fraction * making, activity));
  await mkdir(entry);
  const tell = (fraction: number): void =>
    rest(making + (1 - making) * fraction, `keeping ${title} for the next build`);
  if (under === undefined) await packRoot({ root, tar: wholeOf(entry), size }, sandbox, tell);
  else await packChanges({ root, stock, entry, size }, sandbox, tell);
  await cache.keep(kind, key, entry);
  return below + (await packedSize(laying));
}

async function packedSize({ layer: { under }, entry }: Laying): Promise<number> {
  return (await stat(under === undefined ? wholeOf(entry) : changesOf(entry))).size;
}

function wholeOf(entry: string): string {
  return join(entry, 'root.tar');
}
