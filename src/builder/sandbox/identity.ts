import { lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bash } from './bash.ts';

/**
 * Who a build is on this computer. Inside its user name space it is root over 65,536 ids. Of the forge's root these are
 * ids that nobody has here, out of the range systemd keeps free for such use (systemd, UIDS-GIDS.md); of a normal user
 * they are the user's own id and the subordinate ones. So whatever gets out of a build has no rights outside.
 */
const rootsRange = { first: 1879048192, count: 65536 };

/** Whether the forge is root: then the build gets ids of its own, and files that it may change have to be given to it. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Makes a build the owner of files and folders, no links followed. A normal user's builds are the user already. */
export async function giveToBuild(...paths: readonly string[]): Promise<void> {
  if (!isRoot()) return;
  for (const path of paths) await lchown(path, rootsRange.first, rootsRange.first);
}

/** The same for everything in a folder that this computer's root made, for example before there was such a range. */
export async function giveFolderToBuild(folder: string): Promise<void> {
  if (!isRoot()) return;
  await giveToBuild(folder);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await lstat(path)).isDirectory()) await giveFolderToBuild(path);
    else await giveToBuild(path);
  }
}

/**
 * Enters the user name space and runs the rest of the arguments in it. Environment: PLACES, the files and folders the
 * build sees, one a line.
 *
 * The ids of root's builds may not even walk through root's folders to these places. So they are mounted below /mnt, as
 * 0, 1, 2 …, in a mount name space of its own; they are opened before, because /mnt may hide one of them. newuidmap looks
 * into /etc/subuid whether the range may be used.
 */
const rootsNamespace = `
unset -v IFS
places=()
[ -z "$PLACES" ] || mapfile -t places <<< "$PLACES"
unset PLACES
opened=()
for place in "\${places[@]}"; do exec {fd}< "$place"; opened+=("$fd"); done
mount -t tmpfs -o mode=755 tmpfs /mnt
for index in "\${!opened[@]}"; do
  if [ -d "/proc/self/fd/\${opened[index]}" ]; then mkdir "/mnt/$index"; else : > "/mnt/$index"; fi
  mount --no-canonicalize --bind "/proc/self/fd/\${opened[index]}" "/mnt/$index"
  exec {opened[index]}<&-
done
echo "root:$FIRST:$COUNT" > /mnt/range
for file in /etc/subuid /etc/subgid; do
  [ -e "$file" ] || : > "$file"
  mount --bind /mnt/range "$file"
done
exec unshare --user --map-users="$FIRST,0,$COUNT" --map-groups="$FIRST,0,$COUNT" --setuid 0 --setgid 0 -- "$@"
`;

/** Where a place of the sandbox is found by the tool that mounts it. */
export function sourceOf(place: string, index: number): string {
  return isRoot() ? `/mnt/${index}` : place;
}

/** The command line that enters the user name space; the command to run there follows. */
export function intoUserNamespace(): string[] {
  if (!isRoot()) return ['unshare', '--user', '--map-root-user', '--map-auto', '--'];
  return ['unshare', '--mount', '--propagation', 'private', '--', ...bash(rootsNamespace, 'sandbox')];
}

/** What that command line reads. */
export function identityEnvironment(places: readonly string[]): Record<string, string> {
  if (!isRoot()) return {};
  return { PLACES: places.join('\n'), FIRST: String(rootsRange.first), COUNT: String(rootsRange.count) };
}
