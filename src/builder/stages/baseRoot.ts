import { baseRootScript, makeBaseRoot } from '../root/baseRoot.ts';
import { packRoot, packScript, rootTar, unpackRoot } from '../root/rootTar.ts';
import { aptFolderOf } from './checkDependencies.ts';
import { rootFolder, rootSize, versionsOf } from './unpackedRoot.ts';
import type { Stage } from './stage.ts';
import type { BuildFacts } from './buildFacts.ts';

/** Of making it, packing it is the rest. */
const making = 0.93;

/** The packages of the OS profile's base with the kernel: what most appliances have in common. */
export function baseRoot(facts: Pick<BuildFacts, 'plan' | 'resolution' | 'bundles'>): Stage {
  const { plan, resolution } = facts;
  const { release, mirror, system, epoch } = plan;
  return {
    name: 'base',
    title: 'install',
    inputs: [],
    kept: { kind: 'bases', label: `${release.codename}-${system.name}` },
    measuredAs: `base of ${system.name}`,
    options: {
      ...{ scripts: [baseRootScript, packScript], release: release.codename, mirror, epoch },
      ...{ names: resolution.profile, packages: versionsOf(resolution.base) },
    },
    room: (_from, isOpened) => rootSize(facts) * (isOpened ? 1 : 2),
    async run({ request, sandbox, into, report }) {
      const root = rootFolder(request.workDir);
      await makeBaseRoot(
        {
          ...{ plan, root, sandbox },
          aptFolder: aptFolderOf(request.workDir),
          requested: resolution.profile,
          count: resolution.base.length,
        },
        (fraction, activity) => report({ fraction: fraction * making, activity }),
      );
      const activity = 'keeping the base system for the next build';
      await packRoot({ root, tar: rootTar(into), size: resolution.installedSize }, sandbox, (part) =>
        report({ fraction: making + (1 - making) * part, activity }),
      );
    },
    async open({ request, sandbox, into, report }) {
      await unpackRoot(rootTar(into), rootFolder(request.workDir), sandbox, (fraction) =>
        report({ fraction, activity: 'unpacking the base system' }),
      );
    },
  };
}
