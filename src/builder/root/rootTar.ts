import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { whileGrowing } from '../sandbox/whileGrowing.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/**
 * Inside a root: what the build itself has made gets the release's date; what came out of packages keeps its own. What is
 * mounted there is not the build's. Environment: EPOCH; /run/begun is from before anything was installed.
 */
export const clampTimes = `
find / -xdev \\( -path /dev -o -path /proc -o -path /run -o -path /tmp \\) -prune -o -newer /run/begun -print0 |
  xargs -0 --no-run-if-empty touch --no-dereference --date="@$EPOCH" --
`;

/** Sorted, with numbers for owners, without what differs from run to run: access times and tar's process id. */
export const packOptions = [
  ...['--sort=name', '--numeric-owner', '--format=posix', '--xattrs', '--xattrs-include=security.capability'],
  // The access lists of /var/log/journal, for example; containers take no notice of them.
  '--acls',
  ...['--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime', '--one-file-system'],
].join(' ');

/** How a root is packed. */
export const packScript = `
exec tar -C "$ROOT" ${packOptions} -cf "$TAR" .
`;

/** A checkpoint is 10 MB: tar's records are 10 KB. */
const unpack = `
exec tar -C "$ROOT" --numeric-owner --acls --xattrs --xattrs-include=security.capability -xf "$TAR" --checkpoint=1000 \\
  --checkpoint-action=exec='echo "$TAR_CHECKPOINT" >&3'
`;

/** Where a packed root is in its folder. */
export function rootTar(folder: string): string {
  return join(folder, 'root.tar');
}

/** Packs a root of about `size` bytes into a tar archive; the same files give the same bytes. */
export async function packRoot(
  { root, tar, size }: { readonly root: string; readonly tar: string; readonly size: number },
  sandbox: Sandbox,
  onProgress: (fraction: number) => void,
): Promise<void> {
  await whileGrowing(tar, size, onProgress, () =>
    sandbox.run(packScript, { env: { ROOT: root, TAR: tar }, reads: [root], writes: [dirname(tar)] }),
  );
}

/** Unpacks it into the new folder `root`. */
export async function unpackRoot(
  tar: string,
  root: string,
  sandbox: Sandbox,
  onProgress: (fraction: number) => void,
): Promise<void> {
  await mkdir(root);
  await unpackTar(tar, root, sandbox, onProgress);
}

/** Unpacks it into a folder, over what is there. */
export async function unpackTar(
  tar: string,
  root: string,
  sandbox: Sandbox,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { size } = await stat(tar);
  await sandbox.run(unpack, {
    env: { ROOT: root, TAR: tar },
    reads: [tar],
    writes: [root],
    onStatus: (line) => onProgress((Number(line) * 10_240) / size),
  });
}
