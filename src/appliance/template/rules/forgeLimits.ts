import type { Os, Template } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { parseUpdateTo } from './templateRules.ts';
import { isKnownArchitecture, packageProblem, wantedPackage } from './wantedPackage.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

/** Something that makes no image of Debian: what it says is the rest of a sentence about its place. */
export interface ForgeLimit {
  /** Below `stack.os` or `stack.installation`. */
  readonly at: TemplatePath;
  readonly says: Sentence;
}

/** MB. The upper limit is what an MBR partition table can address. */
const diskLimits = { least: 512, most: 2 ** 21 - 1 };

/** MB. */
const memoryLimits = { least: 64, most: 2 ** 20 };

/** What of a template's system the local forge does not build, as far as the template alone says so. */
export function limitsOfOs(os: Os): readonly ForgeLimit[] {
  const limits: ForgeLimit[] = [];
  const { updateTo, pkgs = [] } = os;
  const date = updateTo === undefined ? undefined : parseUpdateTo(updateTo);
  if (date !== undefined && date.getTime() > Date.now())
    limits.push({ at: ['updateTo'], says: sentence`“${updateTo ?? ''}” is in the future` });
  for (const key of ['windowsEdition', 'windowsType', 'windowsLanguage'] as const)
    if (os[key] !== undefined) limits.push({ at: [key], says: sentence`is for Windows only` });
  pkgs.forEach((pkg, index) => {
    const problem = packageProblem(wantedPackage(pkg));
    if (problem !== undefined) limits.push({ at: ['pkgs', index], says: problem });
    if (pkg.arch !== undefined && !isKnownArchitecture(pkg.arch)) {
      const says = sentence`architecture “${pkg.arch}” (only amd64, i386 and all)`;
      limits.push({ at: ['pkgs', index], says });
    }
  });
  return limits;
}

/** The same of how the system is set up. */
export function limitsOfSetup({
  seLinuxMode,
  kernelParams = [],
}: {
  readonly seLinuxMode?: string | undefined;
  readonly kernelParams?: readonly string[] | undefined;
}): readonly ForgeLimit[] {
  const limits: ForgeLimit[] = [];
  if (seLinuxMode !== undefined && seLinuxMode.toLowerCase() !== 'disabled') {
    const says = sentence`“${seLinuxMode}”: Debian comes without SELinux, only disabled`;
    limits.push({ at: ['seLinuxMode'], says });
  }
  kernelParams.forEach((parameter, index) => {
    if (/^[\w.,:=/+@%-]+$/.test(parameter)) return;
    const says = sentence`“${parameter}”: one parameter without blanks or quotes each`;
    limits.push({ at: ['kernelParams', index], says });
  });
  return limits;
}

/** Of a disk without partitions of the template's own. */
export function limitsOfSizes({
  diskSize,
  swapSize,
}: {
  readonly diskSize?: number | undefined;
  readonly swapSize?: number | undefined;
}): readonly ForgeLimit[] {
  const limits: ForgeLimit[] = [];
  const { least, most } = diskLimits;
  if (diskSize !== undefined && (diskSize < least || diskSize > most))
    limits.push({ at: ['diskSize'], says: sentence`${diskSize} MB: between ${least} and ${most} MB` });
  if (swapSize !== undefined && swapSize >= (diskSize ?? Infinity)) {
    const says = sentence`${swapSize} MB does not fit into diskSize ${diskSize ?? 0} MB`;
    limits.push({ at: ['swapSize'], says });
  }
  return limits;
}

/** Of a machine; `memory` in MB, 0 for none asked for. */
export function limitsOfMemory(memory = 0): readonly ForgeLimit[] {
  const { least, most } = memoryLimits;
  if (memory === 0 || (memory >= least && memory <= most)) return [];
  return [{ at: ['memory'], says: sentence`${memory} MB: between ${least} and ${most} MB` }];
}

/** All that a forge would refuse in a template, as far as the template alone says so; paths are whole ones. */
export function forgeLimits({ stack, builders = [] }: Template): readonly ForgeLimit[] {
  const { os, installation = {} } = stack;
  const { partitioning } = installation;
  const lvm = sentence`asks for LVM, which the local forge does not build: only the device mapper, as root, makes volume groups`;
  const ofDisks: readonly ForgeLimit[] =
    partitioning === undefined
      ? limitsOfSizes(installation)
      : (partitioning.volumeGroups ?? []).length > 0
        ? [{ at: ['partitioning', 'volumeGroups'], says: lvm }]
        : [];
  const below = (path: TemplatePath, limits: readonly ForgeLimit[]): readonly ForgeLimit[] =>
    limits.map(({ at, says }) => ({ at: [...path, ...at], says }));
  const ofBuilders = builders.flatMap(({ installation: own = {}, hardwareSettings }, index) => {
    const sizes = partitioning === undefined ? limitsOfSizes({ ...installation, ...own }) : [];
    return [
      ...below(
        ['builders', index, 'installation'],
        sizes.filter(({ at: [key] }) => key !== undefined && key in own),
      ),
      ...below(['builders', index, 'hardwareSettings'], limitsOfMemory(hardwareSettings?.memory)),
    ];
  });
  return [
    ...below(['stack', 'os'], limitsOfOs(os)),
    ...below(['stack', 'installation'], [...limitsOfSetup(installation), ...ofDisks]),
    ...ofBuilders,
  ];
}
