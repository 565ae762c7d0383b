import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import { hardwareTypeOf } from '../../appliance/catalog/targetFormats.ts';
import { parseEntrypoint } from '../../appliance/request/entrypoint.ts';
import type { DebconfAnswer, Installation, Template } from '../../appliance/template/model/template.ts';
import { named, type TemplatePath } from '../../appliance/template/model/path.ts';
import type { Image } from '../../uforge/dto.ts';
import { debianRelease, osProfileOf } from './debian.ts';
import { companionsOf, type OsProfile } from './distributions.ts';
import { planSources, type PlannedSources } from './sources.ts';
import type { System, Target } from './systems.ts';
import { BuildError, type BuildRequest } from '../model.ts';
import { mirrorFor } from './snapshot.ts';
import { uuidFrom } from './ids.ts';
import { planAccounts, type PlannedAccounts } from './accounts.ts';
import { defaultTimeLimit, planBundles, type PlannedBootScript, type PlannedBundles } from './bundles.ts';
import { defaultDisks, planDisks, type PlannedDisk, type PlannedDisks } from './disks.ts';
import { planNetwork, type PlannedNetwork } from './network.ts';
import { hostnameOf, planSettings, type PlannedSettings } from './settings.ts';
import {
  packageProblem,
  wantedPackage,
  type WantedPackage,
} from '../../appliance/template/rules/wantedPackage.ts';
import { containerStart } from '../root/runBootScript.ts';
import { boxUserOf, withBoxUser } from './vagrant.ts';
import { bytesOf } from '../../uforge/units.ts';

/** What a person sees and is asked for at the first boot. */
interface PlannedFirstBoot {
  readonly ask: readonly ('licenses' | 'password' | 'network')[];
}

/** All that a build needs to know, with the defaults filled in. Made once, read by every stage. */
export interface Plan {
  readonly release: DebianRelease;
  readonly mirror: string;
  /** What the root is made for: the format's own. */
  readonly system: System;
  readonly compress: boolean;
  readonly packages: readonly WantedPackage[];
  /** Of the profile. */
  readonly withoutPackages: readonly string[];
  /** Whether all packages come with what they recommend. */
  readonly recommends: boolean;
  readonly sources: PlannedSources;
  /** Lines of debconf-set-selections(1). */
  readonly debconf: readonly string[];
  /** Without its domain. */
  readonly hostname: string;
  /** `web01.example.org`; the same as `hostname` where there is no domain. */
  readonly fullHostname: string;
  readonly settings: PlannedSettings;
  /** In their order; the machine starts from the first. */
  readonly disks: readonly PlannedDisk[];
  /** MB. */
  readonly memorySize: number;
  /** Processors; undefined: the format's own number. */
  readonly cpus: number | undefined;
  readonly profile: OsProfile;
  readonly accounts: PlannedAccounts;
  readonly network: PlannedNetwork;
  readonly firewall: boolean;
  /** UForge's name of it; undefined: Debian's default, the US layout. */
  readonly keyboard: string | undefined;
  /** cloud-init's names of them; none: no cloud-init. */
  readonly datasources: readonly string[];
  /** Debian packages. */
  readonly agents: readonly string[];
  /** Who Vagrant logs in as; undefined in other formats. */
  readonly vagrantUser: string | undefined;
  readonly firstBoot: PlannedFirstBoot;
  readonly bundles: PlannedBundles;
  /** The version of VMware's virtual hardware, where the format has one. */
  readonly hardwareType: string | undefined;
  /** What a container starts: program and arguments. */
  readonly entrypoint: readonly string[] | undefined;
  readonly timezone: string;
  readonly kernelParameters: readonly string[];
  readonly welcomeMessage: string | undefined;
  readonly bootScripts: readonly PlannedBootScript[];
  /** Without extension: `nginx_1.0rev3_vbox`. */
  readonly fileBase: string;
  readonly applianceName: string;
  readonly version: string;
  /** A UUID of what is built, for whatever a file says of itself. */
  readonly imageId: string;
  /**
   * Seconds since 1970, for every date a tool would take from the clock: the release's on the mirror, so that the
   * same packages make the same bytes whenever they are built.
   */
  readonly epoch: number;
}

const defaultDiskSizeMb = 8192;
const defaultMemorySizeMb = 1024;

/** Works out what to build. Throws a `BuildError` for what `checkBuildable` would have refused. */
export async function planBuild(
  request: BuildRequest,
  { info: format, system, platform }: Target,
  environment: NodeJS.ProcessEnv,
): Promise<Plan> {
  const { template, image, revision } = request;
  const { stack } = template;
  const release = debianRelease(stack.os);
  if (typeof release === 'string') throw new BuildError(`${release}.`);
  const sizes = sizesOf(template, image);
  // Neither the time nor the target format: what is the same gets the same ids, and may come from the cache.
  const seed = seedOf(stack);
  const bundles = planBundles(template, release, format);
  const { disks, problems } = disksFor(request.installation, sizes, seed);
  if (system.hasDisk && problems.length > 0) {
    throw new BuildError(`${problems.map(({ path, says }) => `${named(path)} ${says}`).join('; ')}.`);
  }
  const asked = [...(stack.os.pkgs ?? []).map(wantedPackage), ...bundles.packages];
  const companions = companionsOf(
    release,
    asked.map(({ name }) => name),
  );
  const wanted = [...asked, ...companions.map((name) => ({ name }))];
  const odd = [...wanted, ...bundles.debs.flatMap(({ otherwise }) => otherwise ?? [])].find(
    (pkg) => packageProblem(pkg) !== undefined,
  );
  if (odd !== undefined) throw new BuildError(`${String(packageProblem(odd))}.`);
  const vagrantUser = platform.vagrant === true ? boxUserOf(image.installProfile) : undefined;
  const installation =
    vagrantUser === undefined ? request.installation : withBoxUser(request.installation, vagrantUser);
  const accounts = await planAccounts(installation, seed, [
    ...(vagrantUser === undefined ? [] : [{ name: vagrantUser, sudo: 2 }]),
    ...(image.installProfile?.users ?? []),
  ]);
  const network = planNetwork(installation);
  const fullHostname = installation.hostname ?? hostnameOf(stack.name);
  const datasources = installation.cloudInit === false ? [] : (platform.datasources ?? []);
  // Nobody sits at a cloud's machine, nor at Vagrant's.
  const isAsked = accounts.root.isAsked && datasources.length === 0 && vagrantUser === undefined;
  // The cards are eth0, eth1 … in the order the kernel finds them, whatever slot they are in.
  const cardNames = network.mode === 'configure' ? ['net.ifnames=0'] : [];
  const showsLicences =
    bundles.licences.length > 0 && (installation.displayLicense ?? installation.displayLicenses ?? false);
  return {
    release,
    system,
    mirror: mirrorFor(stack.os.updateTo, environment),
    compress: image.compress ?? true,
    packages: wanted,
    withoutPackages: stack.os.withoutPkgs ?? [],
    recommends: stack.os.recommends ?? false,
    sources: planSources(stack.os),
    debconf: (stack.os.debconf ?? []).map(debconfLine),
    hostname: fullHostname.split('.')[0] ?? fullHostname,
    fullHostname,
    settings: planSettings(installation),
    disks,
    memorySize: sizes.memorySize ?? defaultMemorySizeMb,
    cpus: installation.cpus,
    profile: osProfileOf(stack.os.profile) ?? 'minimal',
    accounts,
    network,
    firewall: installation.firewall ?? false,
    keyboard: installation.keyboard,
    datasources,
    agents: platform.agents ?? [],
    vagrantUser,
    firstBoot: {
      ask: [
        ...(showsLicences ? (['licenses'] as const) : []),
        ...(isAsked ? (['password'] as const) : []),
        ...(network.mode === 'ask' ? (['network'] as const) : []),
      ],
    },
    bundles,
    hardwareType: sizes.hwType === undefined ? undefined : hardwareTypeOf(sizes.hwType),
    entrypoint:
      image.entrypoint === undefined ? undefined : [containerStart, ...parseEntrypoint(image.entrypoint)],
    timezone: installation.timezone ?? 'Etc/UTC',
    kernelParameters: [...cardNames, ...(installation.kernelParams ?? [])],
    welcomeMessage: installation.welcomeMessage,
    bootScripts: [
      ...bundles.bootScripts,
      ...(stack.config ?? []).map((script, index) => ({
        name: script.name,
        source: script.source,
        frequency: script.frequency,
        order: script.order ?? index,
        timeLimit: script.timeLimit ?? defaultTimeLimit,
      })),
    ],
    fileBase: `${fileNamePart(stack.name)}_${fileNamePart(stack.version)}rev${revision}_${format.imageFormat}`,
    applianceName: stack.name,
    version: stack.version,
    imageId: uuidFrom(seed, 'image'),
    // Until the mirror has been asked.
    epoch: 0,
  };
}

/** The disks of the partitioning, else one of the sizes asked for. */
export function disksFor(
  { partitioning }: Installation,
  sizes: Sizes,
  seed: string,
  path: TemplatePath = ['stack', 'installation', 'partitioning'],
): PlannedDisks {
  if (partitioning !== undefined) return planDisks(partitioning, path, seed);
  return defaultDisks(
    {
      diskSize: bytesOf('InstallProfile', 'diskSize', sizes.diskSize ?? defaultDiskSizeMb),
      swapSize: bytesOf('InstallProfile', 'swapSize', sizes.swapSize ?? 0),
    },
    seed,
  );
}

/** The disks of an installation without partitioning, with the sizes that it has or that are used without. */
export function automaticDisks({ diskSize, swapSize }: Installation): readonly PlannedDisk[] {
  return disksFor({}, { diskSize, swapSize }, '').disks;
}

/** Sizes in MB. */
interface Sizes {
  readonly diskSize?: number | undefined;
  readonly swapSize?: number | undefined;
  readonly memorySize?: number | undefined;
  readonly hwType?: string | undefined;
}

/** The machine: the request's, else the builder's for that format, else the template's. */
export function sizesOf(template: Template, image: Image): Sizes {
  const builder = template.builders?.find((candidate) => candidate.type === image.targetFormat?.name);
  const installation = template.stack.installation;
  const profile = image.installProfile;
  const first = (...values: readonly (number | bigint | undefined)[]): number | undefined => {
    const value = values.find((candidate) => candidate !== undefined && Number(candidate) > 0);
    return value === undefined ? undefined : Number(value);
  };
  return {
    diskSize: first(profile?.diskSize, builder?.installation?.diskSize, installation?.diskSize),
    swapSize: first(profile?.swapSize, builder?.installation?.swapSize, installation?.swapSize),
    memorySize: first(profile?.memorySize, builder?.hardwareSettings?.memory),
    hwType: profile?.hwType ?? builder?.hardwareSettings?.hwType,
  };
}

function fileNamePart(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9.+~-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 80) || 'appliance'
  );
}

function debconfLine({ package: pkg, question, type = 'string', value }: DebconfAnswer): string {
  return `${pkg} ${question} ${type} ${value}`;
}

/** What ids and salts come from. They can be seen in the image, so no password goes into them. */
function seedOf(stack: Template['stack']): string {
  return JSON.stringify(stack, (key, value: unknown) => (key === 'password' ? '' : sortedKeys(key, value)));
}

/** For JSON.stringify: the order of an object's keys says nothing. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
