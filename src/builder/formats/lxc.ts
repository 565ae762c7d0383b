import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { whileGrowing } from '../sandbox/whileGrowing.ts';
import { unpackRoot } from '../root/rootTar.ts';
import { giveToBuild } from '../sandbox/identity.ts';
import { containerSystem } from '../plan/systems.ts';
import type { Plan } from '../plan/plan.ts';
import { compressedShare, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { rootOf } from './rootOf.ts';
import { gzipped } from './steps.ts';

const script = `
exec tar -C "$FOLDER" --sort=name --numeric-owner --format=posix --xattrs --xattrs-include=security.capability \\
  --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --mtime="@$EPOCH" --clamp-mtime \\
  -cf "$TARGET" metadata.yaml config rootfs
`;

/**
 * One archive for both: Incus and LXD import it as it is (metadata.yaml and rootfs/); LXC unpacks it into
 * /var/lib/lxc/NAME, where config has what is left to say.
 */
export const lxc: ImageFormat = {
  info: infoOf('LXC Container', 'Root file system and metadata for LXC, LXD and Incus.'),
  system: containerSystem,
  // The files, and the archive of them.
  room: ({ compress }) => ({ convert: 2, pack: compress ? compressedShare : 0 }),
  async convert(output, { plan, workDir, sandbox, report }) {
    const folder = join(workDir, 'lxc');
    await mkdir(folder);
    const rootfs = join(folder, 'rootfs');
    const activity = 'laying out the container';
    await unpackRoot(rootOf(output), rootfs, sandbox, (part) => report({ fraction: part * 0.6, activity }));
    await writeFile(join(folder, 'metadata.yaml'), metadata(plan));
    await writeFile(join(folder, 'config'), configuration(plan));
    const target = join(workDir, 'lxc.tar');
    await giveToBuild(folder, join(folder, 'metadata.yaml'), join(folder, 'config'));
    const env = { FOLDER: folder, TARGET: target, EPOCH: String(plan.epoch) };
    const { size } = await stat(rootOf(output));
    const onProgress = (part: number): void =>
      report({ fraction: 0.6 + part * 0.4, activity: 'packing the container' });
    await whileGrowing(target, size, onProgress, () =>
      sandbox.run(script, { env, reads: [folder], writes: [workDir] }),
    );
    return [target];
  },
  async pack([tar = ''], _output, context) {
    if (!context.plan.compress) return { path: tar, extension: 'tar', mimeType: 'application/x-tar' };
    return { path: await gzipped(tar, context), extension: 'tar.gz', mimeType: 'application/gzip' };
  },
};

/** JSON is YAML. */
function metadata({ applianceName, release, epoch }: Plan): string {
  const properties = {
    os: 'Debian',
    release: release.codename,
    architecture: 'x86_64',
    name: applianceName,
    description: `${applianceName} on Debian ${release.version}`,
  };
  return `${JSON.stringify({ architecture: 'x86_64', creation_date: epoch, properties }, undefined, 2)}\n`;
}

function configuration({ hostname }: Plan): string {
  return `# The container's own part of its configuration; LXC adds where rootfs is.
lxc.include = /usr/share/lxc/config/common.conf
lxc.arch = linux64
lxc.uts.name = ${hostname}
`;
}
