import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf } from '../debian.ts';
import type { ResolvedPackage } from '../packages/resolve.ts';
import type { Plan } from '../plan.ts';
import type { Sandbox } from '../sandbox.ts';

/** Counts up when the way a base root is made changes, so that older ones are not used any more. */
const recipe = 3;
/** Base roots nobody has used for so long are removed. */
const keptForMs = 14 * 24 * 3600_000;
/** A half-written one that old belongs to no living build. */
const abandonedAfterMs = 3600_000;

/**
 * mmdebstrap installs into a folder from the package files that are already there. The initial RAM disk, which
 * takes longer than all the rest, is made once at the end instead of once by the kernel and once by a trigger.
 */
const build = `
mkdir "$ROOT"
export INITRD=No
links='for image in "$1"/boot/vmlinuz-*; do
  version="\${image##*/vmlinuz-}"
  env -u INITRD chroot "$1" linux-update-symlinks install "$version" "/boot/vmlinuz-$version"
done'
mmdebstrap --mode=root --variant=essential --verbose --format=directory \\
  --aptopt='APT::Sandbox::User "root"' --aptopt='APT::Install-Recommends "false"' \\
  --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \\
  --skip=update,check/empty,cleanup/apt \\
  --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \\
  --setup-hook='mkdir -p "$1/var/cache/apt/archives" "$1/var/lib/apt/lists"' \\
  --setup-hook='mount --bind "$APT/archives" "$1/var/cache/apt/archives"' \\
  --setup-hook='mount --bind "$APT/lists" "$1/var/lib/apt/lists"' \\
  --customize-hook='umount "$1/var/cache/apt/archives" "$1/var/lib/apt/lists"' \\
  --customize-hook='chroot "$1" update-initramfs -c -k all' \\
  --customize-hook="$links" \\
  --include="$NAMES" "$CODENAME" "$ROOT" "$APT/sources.list"
rm -rf "$ROOT"/dev/* "$ROOT"/var/cache/apt/*.bin "$ROOT/etc/apt/sources.list.d/0000sources.list"
`;

const pack = 'tar -C "$ROOT" --numeric-owner --xattrs --xattrs-include=security.capability -cf "$TAR" .';

/** A checkpoint is 10 MB: tar's records are 10 KB. */
const unpack = `
mkdir "$ROOT"
tar -C "$ROOT" --numeric-owner --xattrs --xattrs-include=security.capability -xf "$TAR" --checkpoint=1000 \\
  --checkpoint-action=exec='echo "$TAR_CHECKPOINT" >&3'
`;

export interface BaseRootRequest {
  readonly plan: Plan;
  readonly packages: readonly ResolvedPackage[];
  readonly cacheDir: string;
  readonly sandbox: Sandbox;
}

/** Where the base root of exactly these packages is cached, whether it is there yet or not. */
export function baseRootPath({ plan, packages, cacheDir }: BaseRootRequest): string {
  const versions = packages.map((pkg) => `${pkg.name}=${pkg.version}`).sort();
  const key = keyOf(recipe, plan.release.codename, plan.format.kernelPackage, plan.mirror, versions);
  return join(cacheDir, 'bases', `${plan.release.codename}-${plan.format.kernelPackage}-${key}.tar`);
}

export async function hasBaseRoot(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** Unpacks a cached base root into the new folder `root`. */
export async function unpackBaseRoot(
  { sandbox }: BaseRootRequest,
  path: string,
  root: string,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { size } = await stat(path);
  const now = new Date();
  await utimes(path, now, now);
  await sandbox.run(unpack, {
    env: { ROOT: root, TAR: path },
    onStatus: (line) => onProgress((Number(line) * 10_240) / size),
  });
}

/**
 * Installs the base root into the new folder `root` and puts a copy into the cache: under another name first, then
 * renamed, so that no build ever sees half of one.
 */
export async function makeBaseRoot(
  request: BaseRootRequest,
  names: { root: string; aptFolder: string; requested: readonly string[] },
  onProgress: (fraction: number, activity: string) => void,
): Promise<void> {
  const { plan, packages, sandbox } = request;
  // dpkg says "Unpacking" and "Setting up" once for each package; the initial RAM disk counts as a third of that.
  const steps = packages.length * 2.7;
  let done = 0;
  await sandbox.run(build, {
    env: {
      ROOT: names.root,
      APT: names.aptFolder,
      CODENAME: plan.release.codename,
      NAMES: names.requested.join(','),
    },
    onLine: (line) => {
      const step = /^(Unpacking|Setting up) (\S+)/.exec(line);
      if (step !== null)
        onProgress(++done / steps, `${step[1] ?? ''} ${(step[2] ?? '').replace(/:amd64$/, '')}`);
      if (line.startsWith('update-initramfs: Generating'))
        onProgress(done / steps, 'making the initial RAM disk');
    },
  });
  const target = baseRootPath(request);
  const folder = join(request.cacheDir, 'bases');
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  await mkdir(folder, { recursive: true });
  try {
    onProgress(0.95, 'keeping it for the next build');
    await sandbox.run(pack, { env: { ROOT: names.root, TAR: temporary } });
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
  await removeOld(folder);
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > (name.endsWith('.tmp') ? abandonedAfterMs : keptForMs)) await rm(path, { force: true });
  }
}
