import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSystemTools } from '../fileSystems/fileSystems.ts';
import { sandboxProblem, type MissingTool } from './sandboxProblem.ts';

const searchPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Names are looked up in the sandbox's path; absolute paths are taken as they are. */
const needed: readonly MissingTool[] = [
  { tool: 'apt-get', package: 'apt' },
  { tool: 'bwrap', package: 'bubblewrap' },
  { tool: 'bzip2', package: 'bzip2' },
  { tool: 'flock', package: 'util-linux' },
  { tool: 'grub-mkimage', package: 'grub-common' },
  { tool: '/usr/lib/grub/i386-pc/boot.img', package: 'grub-pc-bin' },
  { tool: '/usr/lib/grub/x86_64-efi/normal.mod', package: 'grub-efi-amd64-bin' },
  { tool: '/usr/share/keyrings/debian-archive-keyring.gpg', package: 'debian-archive-keyring' },
  { tool: 'ip', package: 'iproute2' },
  { tool: 'mksquashfs', package: 'squashfs-tools' },
  { tool: 'mmdebstrap', package: 'mmdebstrap' },
  { tool: 'newuidmap', package: 'uidmap' },
  { tool: 'perl', package: 'perl-base' },
  { tool: 'prlimit', package: 'util-linux' },
  { tool: 'qemu-img', package: 'qemu-utils' },
  { tool: 'setpriv', package: 'util-linux' },
  { tool: 'sfdisk', package: 'fdisk' },
  { tool: 'socat', package: 'socat' },
  { tool: 'tar', package: 'tar' },
  { tool: 'unshare', package: 'util-linux' },
  { tool: 'xz', package: 'xz-utils' },
  { tool: 'xorriso', package: 'xorriso' },
  ...fileSystemTools,
];

/**
 * What has to be installed before anything can be built; empty when all is there. Once all is, it also tries whether the
 * kernel and `/etc/subuid` allow the name spaces a build runs in.
 */
export async function missingTools(): Promise<MissingTool[]> {
  const missing: MissingTool[] = [];
  for (const candidate of needed) {
    if (!(await exists(candidate.tool))) missing.push(candidate);
  }
  if (missing.length === 0) {
    const problem = await sandboxProblem();
    if (problem !== undefined) missing.push(problem);
  }
  return missing;
}

/** The one command that helps with all of them, for a person to copy. */
export function installCommand(missing: readonly MissingTool[]): string {
  const packages = [
    ...new Set(missing.filter(({ remedy }) => remedy === undefined).map((tool) => tool.package)),
  ];
  const install = packages.length > 0 ? [`sudo apt-get install ${packages.sort().join(' ')}`] : [];
  const remedies = missing.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy]));
  return [...install, ...remedies].join(' && ');
}

async function exists(tool: string): Promise<boolean> {
  const candidates = tool.startsWith('/') ? [tool] : searchPath.map((folder) => join(folder, tool));
  for (const candidate of candidates) {
    const found = await access(candidate, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
