import { join } from 'node:path';
import { whileGrowing } from '../growth.ts';
import type { Sandbox } from '../sandbox.ts';
import { packOptions, unpackTar } from './rootTar.ts';

/** What was in a root: kinds and paths. Nothing is mounted inside. */
const takeStockScript = `
cd "$ROOT"
find . -xdev -mindepth 1 -printf '%y%p\\0' | LC_ALL=C sort -z > "$STOCK"
touch "$STOCK.taken"
# What changes within the same tick of the kernel's clock would not be newer.
sleep 0.02
`;

/**
 * What was there as something else, or is not there any more, has to go first. All else is what was changed since: it
 * is the inode's own time that tells, which nobody can set. The folders around come with it, because unpacking changes
 * their dates.
 */
const packScript = `
cd "$ROOT"
find . -xdev -mindepth 1 -printf '%y%p\\0' | LC_ALL=C sort -z > "$STOCK.now"
LC_ALL=C comm -z -23 "$STOCK" "$STOCK.now" | sed -z 's/^.//' > "$ENTRY/removed"
find . -xdev -mindepth 1 -cnewer "$STOCK.taken" -printf '%p\\0%h\\0' | LC_ALL=C sort -zu > "$STOCK.changed"
tar ${packOptions} --no-recursion --null --verbatim-files-from --files-from="$STOCK.changed" -cf "$ENTRY/changes.tar"
rm "$STOCK" "$STOCK.taken" "$STOCK.now" "$STOCK.changed"
`;

const removeScript = `
cd "$ROOT"
xargs -0 --no-run-if-empty rm -rf -- < "$ENTRY/removed"
`;

/** A root, and the file that remembers what was in it. */
export interface Stock {
  readonly root: string;
  /** A path where nothing is. */
  readonly stock: string;
}

/** Remembers what is in a root before it is changed. */
export async function takeStock({ root, stock }: Stock, sandbox: Sandbox): Promise<void> {
  await sandbox.run(takeStockScript, { env: { ROOT: root, STOCK: stock } });
}

/** Packs what has changed in a root since then into the folder `entry`; `size` is about how large that is, in bytes. */
export async function packChanges(
  { root, stock, entry, size }: Stock & { readonly entry: string; readonly size: number },
  sandbox: Sandbox,
  onProgress: (fraction: number) => void,
): Promise<void> {
  await whileGrowing(changesOf(entry), size, onProgress, () =>
    sandbox.run(packScript, { env: { ROOT: root, STOCK: stock, ENTRY: entry } }),
  );
}

/** Makes the same changes in a root that is as the other one was. */
export async function unpackChanges(
  { root, entry }: { readonly root: string; readonly entry: string },
  sandbox: Sandbox,
  onProgress: (fraction: number) => void,
): Promise<void> {
  await sandbox.run(removeScript, { env: { ROOT: root, ENTRY: entry } });
  await unpackTar(changesOf(entry), root, sandbox, onProgress);
}

/** What has changed, in an entry of the cache. */
export function changesOf(entry: string): string {
  return join(entry, 'changes.tar');
}
