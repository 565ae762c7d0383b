import { join } from 'node:path';
import { installStatus } from '../packages/aptFolder.ts';
import { qualifiedName } from '../packages/aptSays.ts';
import type { Resolution } from '../packages/resolve.ts';
import { packagesScript } from '../root/customize.ts';
import { textFile } from '../root/part.ts';
import { optionParts } from '../root/options.ts';
import { writeOverlay } from '../root/overlay.ts';
import { packChanges, packChangesScript, takeStock, unpackChanges } from '../root/rootChanges.ts';
import { rootFiles } from '../root/rootFiles.ts';
import { aptFolderOf } from './checkDependencies.ts';
import { rootFolder, rootSize, versionsOf } from './unpackedRoot.ts';
import type { Making, Stage } from './stage.ts';
import type { BuildFacts } from './buildFacts.ts';

/** Of making it, packing what has changed is the rest. */
const making = 0.93;

/** All other packages, with the files of all options they are set up by: kept as what they change in the base root. */
export function installedPackages(facts: BuildFacts, base: Stage): Stage {
  const { plan, resolution } = facts;
  const { extra, requested } = resolution;
  const files = [...rootFiles(plan), ...optionParts(plan).files];
  const wanted = new Set(requested);
  const answers =
    plan.debconf.length === 0
      ? []
      : [textFile('debconf', plan.debconf.map((line) => `${line}\n`).join(''), 0o600)];
  const environment = {
    EPOCH: String(plan.epoch),
    INSTALL: extra.flatMap(({ local, fileName }) => (local === undefined ? [fileName] : [])).join(' '),
    AUTOMATIC: extra
      .map(qualifiedName)
      .filter((name) => !wanted.has(name))
      .join(' '),
    FOREIGN: plan.sources.i386 ? 'i386' : '',
    TIMEZONE: plan.timezone,
  };
  const size = rootSize(facts) * extraShare(resolution);

  async function install({ request, sandbox, signal, report }: Making): Promise<void> {
    const { workDir } = request;
    const [setup, overlay] = [join(workDir, 'debs.tar'), join(workDir, 'overlay.tar')];
    const debs = extra.flatMap(({ local }, index) =>
      local === undefined ? [] : [{ path: `debs/${index}.deb`, from: local }],
    );
    await writeOverlay({ file: setup, files: answers, taken: debs, epoch: plan.epoch, signal });
    await writeOverlay({ file: overlay, files, epoch: plan.epoch, signal });
    await sandbox.runInRoot(rootFolder(workDir), packagesScript, {
      hostname: plan.hostname,
      reads: {
        'setup.tar': setup,
        'overlay.tar': overlay,
        archives: join(aptFolderOf(workDir), 'archives'),
      },
      env: environment,
      onStatus: (line) => {
        const status = installStatus(line);
        if (status === undefined) return;
        const activity = status.text.replace(/ \(amd64\)$/, '');
        report({ fraction: (making * status.percent) / 100, activity });
      },
    });
  }

  return {
    name: 'installed',
    title: 'install',
    inputs: [base],
    kept: { kind: 'installed', label: plan.hostname },
    options: {
      ...{
        scripts: [packagesScript, packChangesScript],
        hostname: plan.hostname,
        files,
        environment,
        answers,
      },
      packages: versionsOf(extra),
      // Packages may come out of the archive; all else of it is added later.
      archive: extra.some(({ local }) => local !== undefined) ? facts.files : '',
    },
    room: (_from, isOpened) => size * (isOpened ? 1 : 2),
    async run(work) {
      const { request, sandbox, into, report } = work;
      const root = rootFolder(request.workDir);
      const stock = join(request.workDir, 'stock');
      await takeStock({ root, stock }, sandbox);
      await install(work);
      const activity = 'keeping the packages for the next build';
      await packChanges({ root, stock, entry: into, size }, sandbox, (part) =>
        report({ fraction: making + (1 - making) * part, activity }),
      );
    },
    async open({ request, sandbox, into, report }) {
      await unpackChanges({ root: rootFolder(request.workDir), entry: into }, sandbox, (fraction) =>
        report({ fraction, activity: 'unpacking the packages' }),
      );
    },
  };
}

/** About how much of a root is on top of the base root. */
function extraShare({ base, extra }: Resolution): number {
  const sum = (packages: Resolution['base']): number =>
    packages.reduce((total, { fileSize }) => total + fileSize, 0);
  return sum(extra) / Math.max(1, sum(base) + sum(extra));
}
