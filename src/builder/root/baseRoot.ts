import { mkdir } from 'node:fs/promises';
import type { Plan } from '../plan/plan.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/**
 * mmdebstrap installs into a folder from the package files that are already there. The initial RAM disk, which
 * takes longer than all the rest, is made once at the end instead of once by the kernel and once by a trigger.
 * SOURCE_DATE_EPOCH is mmdebstrap's, mkinitramfs's and passwd's date for everything they make.
 */
export const baseRootScript = `
touch "$APT/begun"
export INITRD=No SOURCE_DATE_EPOCH="$EPOCH"
kernel='if [ -e "$1/usr/sbin/update-initramfs" ]; then
  # mkinitramfs takes ROOT for the root of the machine that will start, and writes it down.
  env -u ROOT -u INITRD chroot "$1" update-initramfs -c -k all
  for image in "$1"/boot/vmlinuz-*; do
    version="\${image##*/vmlinuz-}"
    env -u INITRD chroot "$1" linux-update-symlinks install "$version" "/boot/vmlinuz-$version"
  done
fi'
hooks=/usr/share/mmdebstrap/hooks/merged-usr
# The second hook there asks for a newer usr-is-merged than Debian 11 has.
if [ "$CODENAME" = bullseye ]; then merged="--setup-hook=$hooks/setup00.sh"; else merged="--hook-dir=$hooks"; fi
mmdebstrap --mode=root --variant=essential --verbose --format=directory \\
  --aptopt='APT::Sandbox::User "root"' --aptopt='APT::Install-Recommends "false"' \\
  --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \\
  --skip=update,check/empty,cleanup/apt \\
  "$merged" \\
  --setup-hook='mkdir -p "$1/var/cache/apt/archives" "$1/var/lib/apt/lists"' \\
  --setup-hook='mount --bind "$APT/archives" "$1/var/cache/apt/archives"' \\
  --setup-hook='mount --bind "$APT/lists" "$1/var/lib/apt/lists"' \\
  --customize-hook='umount "$1/var/cache/apt/archives" "$1/var/lib/apt/lists"' \\
  --customize-hook="$kernel" \\
  --include="$NAMES" "$CODENAME" "$ROOT" "$APT/base.list"
# mmdebstrap's own settings of apt and dpkg: a machine that does not flush what dpkg writes is damaged by a power cut.
rm "$ROOT/etc/apt/apt.conf.d/99mmdebstrap" "$ROOT/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
rm -rf "$ROOT"/dev/* "$ROOT"/var/cache/apt/*.bin "$ROOT/etc/apt/sources.list.d/0000base.list"
rm -f "$ROOT/var/cache/ldconfig/aux-cache" "$ROOT"/var/log/*.log "$ROOT"/var/log/apt/* "$ROOT"/etc/.pwd.lock
# What the build itself has made gets the release's date; what came out of packages keeps its own.
find "$ROOT" -xdev -newer "$APT/begun" -print0 |
  xargs -0 --no-run-if-empty touch --no-dereference --date="@$EPOCH" --
`;

export interface BaseRootRequest {
  readonly plan: Plan;
  /** A new folder. */
  readonly root: string;
  readonly aptFolder: string;
  /** Names of the OS profile and the kernel. */
  readonly requested: readonly string[];
  /** How many packages that are, with their dependencies. */
  readonly count: number;
  readonly sandbox: Sandbox;
}

/** Installs the base root into a new folder. */
export async function makeBaseRoot(
  { plan, root, aptFolder, requested, count, sandbox }: BaseRootRequest,
  onProgress: (fraction: number, activity: string) => void,
): Promise<void> {
  // dpkg says "Unpacking" and "Setting up" once for each package; the initial RAM disk counts as a third of that.
  const steps = count * 2.7;
  let done = 0;
  await mkdir(root);
  await sandbox.run(baseRootScript, {
    writes: [aptFolder, root],
    mounts: true,
    env: {
      ROOT: root,
      APT: aptFolder,
      CODENAME: plan.release.codename,
      NAMES: requested.join(','),
      EPOCH: String(plan.epoch),
    },
    onLine: (line) => {
      const step = /^(Unpacking|Setting up) (\S+)/.exec(line);
      if (step !== null)
        onProgress(++done / steps, `${step[1] ?? ''} ${(step[2] ?? '').replace(/:amd64$/, '')}`);
      if (line.startsWith('update-initramfs: Generating'))
        onProgress(done / steps, 'making the initial RAM disk');
    },
  });
}
