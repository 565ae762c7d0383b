import { dirname, join } from 'node:path';
import { whileGrowing } from '../sandbox/whileGrowing.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { packOptions, unpackTar } from './rootTar.ts';

/**
 * What is in a root: for each file when its inode was changed, which inode it is, its kind and its path. That time is the
 * kernel's own, which nobody can set: packages bring files with dates from long ago. Nothing is mounted inside.
 */
const inventory = `find . -xdev -printf '%C@ %i %y %p\\0' | LC_ALL=C sort -z`;

const takeStockScript = `
cd "$ROOT"
${inventory} > "$STOCK"
`;

/**
 * What is not there any more, or is something else now, has to go first. All else is what has changed. The folders
 * around come with it, because unpacking changes their dates.
 */
export const packChangesScript = `
cd "$ROOT"
${inventory} > "$STOCK.now"
for list in "$STOCK" "$STOCK.now"; do sed -z 's/^[^ ]* [^ ]* //' "$list" | LC_ALL=C sort -z > "$list.kinds"; done
LC_ALL=C comm -z -23 "$STOCK.kinds" "$STOCK.now.kinds" | sed -z 's/^. //' > "$ENTRY/removed"
LC_ALL=C comm -z -13 "$STOCK" "$STOCK.now" | sed -z 's/^[^ ]* [^ ]* . //' > "$STOCK.changed"
{ cat "$STOCK.changed"; sed -z 's|/[^/]*$||' "$STOCK.changed"; } | LC_ALL=C sort -zu > "$STOCK.paths"
tar ${packOptions} --no-recursion --null --verbatim-files-from --files-from="$STOCK.paths" -cf "$ENTRY/changes.tar"
rm "$STOCK" "$STOCK.now" "$STOCK.kinds" "$STOCK.now.kinds" "$STOCK.changed" "$STOCK.paths"
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
  await sandbox.run(takeStockScript, {
    env: { ROOT: root, STOCK: stock },
    reads: [root],
    writes: [dirname(stock)],
  });
}

/** Packs what has changed in a root since then into the folder `entry`; `size` is about how large that is, in bytes. */
export async function packChanges(
  { root, stock, entry, size }: Stock & { readonly entry: string; readonly size: number },
  sandbox: Sandbox,
  onProgress: (fraction: number) => void,
): Promise<void> {
  await whileGrowing(changesOf(entry), size, onProgress, () =>
    sandbox.run(packChangesScript, {
      env: { ROOT: root, STOCK: stock, ENTRY: entry },
      reads: [root],
      writes: [dirname(stock), entry],
    }),
  );
}

/** Makes the same changes in a root that is as the other one was. */
export async function unpackChanges(
  { root, entry }: { readonly root: string; readonly entry: string },
  sandbox: Sandbox,
  onProgress: (fraction: number) => void,
): Promise<void> {
  await sandbox.run(removeScript, { env: { ROOT: root, ENTRY: entry }, reads: [entry], writes: [root] });
  await unpackTar(changesOf(entry), root, sandbox, onProgress);
}

/** What has changed, in an entry of the cache. */
function changesOf(entry: string): string {
  return join(entry, 'changes.tar');
}
