import { fileSystems as facts } from '../fileSystems/fileSystems.ts';
import { mountedPartitions } from '../plan/disks.ts';
import type { Plan } from '../plan/plan.ts';
import { accounts } from './accounts.ts';
import type { RootFile } from './bootScripts.ts';
import { startOfContainer } from './containerStart.ts';
import { firewall } from './firewall.ts';
import { firstBoot } from './firstBoot.ts';
import { growRoot } from './growRoot.ts';
import { keyboard } from './keyboard.ts';
import { network } from './network.ts';
import type { RootOption } from './part.ts';
import { secretsOfMachine } from './secrets.ts';
import { volatileFiles } from './volatile.ts';
import { settings } from './settings.ts';
import { cloudInit, guestAgents } from './platform.ts';

/** The tools of the file systems there are. */
const fileSystems: RootOption = ({ disks, system }) => {
  if (!system.hasDisk) return {};
  const needed = mountedPartitions(disks).map(({ fileSystem }) => fileSystem && facts[fileSystem].package);
  return { packages: [...new Set(needed.filter((name) => name !== undefined))] };
};

/** The table of options: a new one is a file and a line here. */
const options: readonly RootOption[] = [
  fileSystems,
  growRoot,
  accounts,
  network,
  firewall,
  keyboard,
  firstBoot,
  settings,
  secretsOfMachine,
  volatileFiles,
  startOfContainer,
  cloudInit,
  guestAgents,
];

/** What all options of the template together put into the root. */
export function optionParts(plan: Plan): {
  readonly packages: readonly string[];
  readonly files: readonly RootFile[];
  readonly units: readonly string[];
} {
  const parts = options.map((option) => option(plan));
  return {
    packages: parts.flatMap((part) => part.packages ?? []),
    files: parts.flatMap((part) => part.files ?? []),
    units: parts.flatMap((part) => part.units ?? []),
  };
}
