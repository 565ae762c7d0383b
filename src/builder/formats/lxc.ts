import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { whileGrowing } from '../sandbox/whileGrowing.ts';
import { rootTar, unpackRoot } from '../root/rootTar.ts';
import { giveToBuild } from '../sandbox/identity.ts';
import type { Plan } from '../plan/plan.ts';
import { compressedShare, type ImageMaking } from './format.ts';
import { asImage, gzipped, imageIn } from './steps.ts';

const script = `
exec tar -C "$FOLDER" --sort=name --numeric-owner --format=posix --xattrs --xattrs-include=security.capability \\
  --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --mtime="@$EPOCH" --clamp-mtime \\
  -cf "$TARGET" metadata.yaml config rootfs
`;

/**
 * One archive for both: Incus and LXD import it as it is (metadata.yaml and rootfs/); LXC unpacks it into
 * /var/lib/lxc/NAME, where config has what is left to say.
 */
export const lxc: ImageMaking = {
  shape: 'LXC archive',
  // The files, and the archive of them.
  room: ({ compress }) => ({ convert: 2, pack: compress ? compressedShare : 0 }),
  async convert({ plan, from, into, sandbox, report }) {
    const folder = join(into, 'lxc');
    await mkdir(folder);
    const rootfs = join(folder, 'rootfs');
    const activity = 'laying out the container';
    await unpackRoot(rootTar(from), rootfs, sandbox, (part) => report({ fraction: part * 0.6, activity }));
    await writeFile(join(folder, 'metadata.yaml'), lxcMetadata(plan));
    await writeFile(join(folder, 'config'), lxcConfiguration(plan));
    await giveToBuild(folder, join(folder, 'metadata.yaml'), join(folder, 'config'));
    const env = { FOLDER: folder, TARGET: tarIn(into), EPOCH: String(plan.epoch) };
    const { size } = await stat(rootTar(from));
    const onProgress = (part: number): void =>
      report({ fraction: 0.6 + part * 0.4, activity: 'packing the container' });
    await whileGrowing(tarIn(into), size, onProgress, () =>
      sandbox.run(script, { env, reads: [folder], writes: [into] }),
    );
  },
  async pack(context) {
    const { plan, from, into } = context;
    if (plan.compress) await gzipped(tarIn(from), imageIn(into, 'tar.gz'), context);
    else await asImage(tarIn(from), 'tar', context);
  },
};

const tarIn = (folder: string): string => join(folder, 'lxc.tar');

/** JSON is YAML. */
export function lxcMetadata({ applianceName, release, epoch }: Plan): string {
  const properties = {
    os: 'Debian',
    release: release.codename,
    architecture: 'x86_64',
    name: applianceName,
    description: `${applianceName} on Debian ${release.version}`,
  };
  return `${JSON.stringify({ architecture: 'x86_64', creation_date: epoch, properties }, undefined, 2)}\n`;
}

export function lxcConfiguration({ hostname }: Plan): string {
  return `# The container's own part of its configuration; LXC adds where rootfs is.
lxc.include = /usr/share/lxc/config/common.conf
lxc.arch = linux64
lxc.uts.name = ${hostname}
`;
}
