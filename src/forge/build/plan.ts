import { createHash } from 'node:crypto';
import type { Installation, RootUser, Template } from '../../appliance/template.ts';
import type { Image } from '../../uforge/dto.ts';
import { debianMirror, debianRelease } from './debian.ts';
import type { DebianRelease } from './debian.ts';
import type { System } from './systems.ts';
import { imageFormatOf } from './formats/index.ts';
import type { ImageFormat } from './formats/format.ts';
import type { BuildRequest } from './model.ts';
import { BuildError } from './model.ts';
import { bytesOf } from '../../uforge/units.ts';

/** A package the template names; `version` as Debian writes it, with or without its revision. */
export interface WantedPackage {
  readonly name: string;
  readonly version?: string;
}

/** A script of the template that runs in the appliance. */
export interface PlannedBootScript {
  readonly name: string;
  /** Relative to the unpacked archive. */
  readonly source: string;
  readonly frequency: 'firstboot' | 'everyboot';
  readonly order: number;
}

/** All that a build needs to know, with the defaults filled in. Made once, read by every stage. */
export interface Plan {
  readonly release: DebianRelease;
  readonly mirror: string;
  readonly format: ImageFormat;
  /** What the root is made for: the format's own. */
  readonly system: System;
  readonly compress: boolean;
  readonly packages: readonly WantedPackage[];
  readonly hostname: string;
  /** Bytes. */
  readonly diskSize: number;
  /** Bytes; 0 = no swap. */
  readonly swapSize: number;
  /** MB. */
  readonly memorySize: number;
  readonly rootPassword: string | undefined;
  readonly sshKeys: readonly string[];
  readonly timezone: string;
  readonly kernelParameters: readonly string[];
  readonly welcomeMessage: string | undefined;
  readonly bootScripts: readonly PlannedBootScript[];
  /** Without extension: `nginx_1.0rev3_vbox`. */
  readonly fileBase: string;
  readonly applianceName: string;
  readonly rootUuid: string;
  readonly swapUuid: string;
  /** Eight hex digits: the disk's signature. */
  readonly diskId: string;
  /**
   * Seconds since 1970, for every date a tool would take from the clock: the release's on the mirror, so that the
   * same packages make the same bytes whenever they are built.
   */
  readonly epoch: number;
}

const defaultDiskSizeMb = 8192;
const defaultMemorySizeMb = 1024;

/** Works out what to build. Throws a `BuildError` for what `checkBuildable` would have refused. */
export function planBuild(request: BuildRequest, environment: NodeJS.ProcessEnv): Plan {
  const { template, image, revision } = request;
  const { stack } = template;
  const release = debianRelease(stack.os);
  if (typeof release === 'string') throw new BuildError(`${release}.`);
  const format = imageFormatOf(image.targetFormat?.name);
  if (format === undefined)
    throw new BuildError(`The local forge can't build “${image.targetFormat?.name ?? ''}”.`);

  const sizes = sizesOf(template, image);
  const installation: Installation = stack.installation ?? {};
  const root = rootUserOf(installation.rootUser, image);
  // Neither the time nor the target format: what is the same gets the same ids, and may come from the cache.
  const seed = JSON.stringify(stack, sortedKeys);
  return {
    release,
    format,
    system: format.system,
    mirror: environment['FORGE_MIRROR'] ?? debianMirror,
    compress: image.compress ?? true,
    packages: (stack.os.pkgs ?? []).map(wantedPackage),
    hostname: hostnameOf(stack.name),
    diskSize: bytesOf('InstallProfile', 'diskSize', sizes.diskSize ?? defaultDiskSizeMb),
    swapSize: bytesOf('InstallProfile', 'swapSize', sizes.swapSize ?? 0),
    memorySize: sizes.memorySize ?? defaultMemorySizeMb,
    rootPassword: root.password,
    sshKeys: root.sshKeys,
    timezone: installation.timezone ?? 'Etc/UTC',
    kernelParameters: installation.kernelParams ?? [],
    welcomeMessage: installation.welcomeMessage,
    bootScripts: (stack.config ?? []).map((script, index) => ({
      name: script.name,
      source: script.source,
      frequency: script.frequency,
      order: script.order ?? index,
    })),
    fileBase: `${fileNamePart(stack.name)}_${fileNamePart(stack.version)}rev${revision}_${format.info.imageFormat}`,
    applianceName: stack.name,
    rootUuid: uuidFrom(seed, 'root'),
    swapUuid: uuidFrom(seed, 'swap'),
    diskId: uuidFrom(seed, 'disk').slice(0, 8),
    // Until the mirror has been asked.
    epoch: 0,
  };
}

/** Sizes in MB: the request's, else the builder's for that format, else the template's. */
export function sizesOf(
  template: Template,
  image: Image,
): { diskSize?: number | undefined; swapSize?: number | undefined; memorySize?: number | undefined } {
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
  };
}

/** The request's root user wins over the template's, field by field. */
export function rootUserOf(
  fromTemplate: RootUser | undefined,
  image: Image,
): { password: string | undefined; sshKeys: readonly string[] } {
  const asked = image.installProfile?.rootUser;
  const locked = asked?.disablePasswordLogin ?? fromTemplate?.disablePasswordLogin ?? false;
  const keys = asked?.sshKeys ?? fromTemplate?.sshKeys ?? [];
  return {
    password: locked ? undefined : (asked?.password ?? fromTemplate?.password),
    sshKeys: keys.flatMap((key) => (key.publicKey === undefined ? [] : [key.publicKey.trim()])),
  };
}

/** `release` is the Debian revision: version 1.22.1 and release 9 are Debian's 1.22.1-9. */
export function wantedPackage(pkg: {
  name?: string;
  fullName?: string;
  version?: string;
  release?: string;
}): WantedPackage {
  const name = pkg.name ?? pkg.fullName ?? '';
  if (pkg.version === undefined) return { name };
  return { name, version: pkg.release === undefined ? pkg.version : `${pkg.version}-${pkg.release}` };
}

/** Letters, digits and hyphens, as a host name may have them (RFC 1123). */
export function hostnameOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return slug === '' ? 'appliance' : slug;
}

function fileNamePart(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9.+~-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 80) || 'appliance'
  );
}

/** For JSON.stringify: the order of an object's keys says nothing. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same stack gives the same ids: a version 8 UUID (RFC 9562) of its hash. */
function uuidFrom(seed: string, purpose: string): string {
  const hex = createHash('sha256').update(`${purpose}\n${seed}`).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
