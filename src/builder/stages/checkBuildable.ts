import { checkAccounts } from '../../appliance/template/rules/accounts.ts';
import { isRemote } from '../../appliance/archive/layout.ts';
import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import { isTimeZone } from '../../appliance/catalog/timeZones.ts';
import { keyboards } from '../../appliance/catalog/keyboards.ts';
import { hardwareTypeOf, hardwareTypes } from '../../appliance/catalog/targetFormats.ts';
import {
  limitsOfMemory,
  limitsOfOs,
  limitsOfSetup,
  limitsOfSizes,
} from '../../appliance/template/rules/forgeLimits.ts';
import { checkNetwork } from '../../appliance/template/rules/network.ts';
import { shortened } from '../../appliance/template/rules/paths.ts';
import { checkPartitioning } from '../../appliance/template/rules/partitioning.ts';
import { RuleContext } from '../../appliance/template/rules/ruleContext.ts';
import type { Installation, Template } from '../../appliance/template/model/template.ts';
import { named, type TemplatePath } from '../../appliance/template/model/path.ts';
import type { Image, InstallProfile } from '../../uforge/dto.ts';
import { debianRelease, osProfileOf } from '../plan/debian.ts';
import { packageSourceProblems } from './checkPackageSources.ts';
import { imageFormatOf } from '../formats/formats.ts';
import { disksFor, sizesOf } from '../plan/plan.ts';
import { planBundles, type PlannedBundles } from '../plan/bundles.ts';
import { canAnybodyLogIn, isRootAsked } from '../plan/accounts.ts';
import { isVolatile } from '../root/volatile.ts';
import { boxUser, boxUserOf, withBoxUser } from '../plan/vagrant.ts';
import { xkbOf } from '../root/keyboard.ts';
import { bundleFileRemarks } from './bundleFileRemarks.ts';
import { settingsRemarks } from './checkSettings.ts';
import { beginning } from '../../appliance/text/problem.ts';
import { closest, didYouMean } from '../../appliance/text/suggest.ts';

/** What the forge would not do: `problems` would make a wrong image, `warnings` are harmless. Each names its place. */
export interface Buildable {
  readonly problems: string[];
  readonly warnings: string[];
}

export interface BuildableRequest {
  readonly template: Template;
  readonly image: Image;
  /** The template's, with what the image's install profile says over it. */
  readonly installation: Installation;
  /** What stands before a path of the template, for example `template.yml:12: `. */
  readonly placeOf?: (path: TemplatePath) => string;
}

/** Where the request's install profile is in messages. */
const profilePath: TemplatePath = ['installProfile'];

/**
 * Names everything in a template and a request that the local forge does not honour; nothing is dropped in silence. Whether
 * there is such a target format has been asked before.
 */
export function checkBuildable(request: BuildableRequest): Buildable {
  const check = new Check(request);
  check.os();
  check.installation();
  check.request();
  check.sizes();
  check.disks();
  check.platform();
  check.bundles();
  // The rules and the plan may say the same of a name.
  return { problems: [...new Set(check.problems)], warnings: check.warnings };
}

class Check {
  readonly problems: string[] = [];
  readonly warnings: string[] = [];
  readonly #template: Template;
  readonly #image: Image;
  readonly #placeOf: (path: TemplatePath) => string;
  readonly #installation: Installation;

  constructor(request: BuildableRequest) {
    const { template, image, installation, placeOf = () => '' } = request;
    this.#template = template;
    this.#image = image;
    this.#placeOf = placeOf;
    this.#installation = installation;
  }

  os(): void {
    const { os, source_logo: logo } = this.#template.stack;
    const at = (...rest: TemplatePath): TemplatePath => ['stack', 'os', ...rest];
    const release = this.#release();
    if (typeof release === 'string') this.problems.push(`${this.#placeOf(at())}${release}`);
    for (const limit of limitsOfOs(os)) this.#problem(at(...limit.at), String(limit.says));
    if (os.profile !== undefined && osProfileOf(os.profile) === undefined) {
      this.#problem(at('profile'), `“${os.profile}”: the local forge has Minimal and Server`);
    }
    if (typeof release !== 'string')
      for (const { path, says } of packageSourceProblems(os, release)) this.#problem(at(...path), says);
    if (logo !== undefined) this.#warning(['stack', 'source_logo'], 'is not part of the image');
  }

  installation(): void {
    const { keyboard, timezone } = this.#installation;
    for (const { at, says } of limitsOfSetup(this.#installation))
      this.#problem(this.#placed(at), String(says));
    if (keyboard !== undefined && xkbOf(keyboard) === undefined) {
      const suggestion = String(didYouMean(closest(keyboard, keyboards)));
      this.#problem(this.#at('keyboard'), `“${keyboard}” is no keyboard the local forge knows.${suggestion}`);
    }
    if (timezone !== undefined && !isTimeZone(timezone)) {
      this.#problem(this.#at('timezone'), `“${timezone}” is not a time zone`);
    }
    const isAsked = isRootAsked(this.#installation);
    const isContainer = this.#format()?.system.name === 'container';
    const { datasources = [], vagrant = false } = this.#format()?.platform ?? {};
    const isKeyed = (datasources.length > 0 && this.#installation.cloudInit !== false) || vagrant;
    if (isAsked && isContainer) {
      this.#warning(this.#at('rootUser'), 'has no password, and a container asks nobody: root is locked');
    } else if (isKeyed) {
      if (isAsked)
        this.#warning(
          this.#at('rootUser'),
          'has no password, and nobody sits there to be asked: root is locked',
        );
    } else if (!isAsked && !canAnybodyLogIn(this.#installation)) {
      this.warnings.push('no password and no SSH key: nobody can log in');
    }
    if (this.#installation.firewall === true && isContainer) {
      this.#warning(this.#at('firewall'), 'is not started in a container');
    }
    this.#settings();
    if (!isContainer) this.#chosenHere();
  }

  #settings(): void {
    const { name } = this.#template.stack;
    for (const { key, says, isRefused } of settingsRemarks(this.#installation, name, this.#format())) {
      const path: TemplatePath = key === 'name' ? ['stack', 'name'] : this.#at(key);
      if (isRefused) this.#problem(path, says);
      else this.#warning(path, says);
    }
  }

  /** “If no keyboard setting is provided, then during first boot the keyboard setting is prompted”, and so on (hammr). */
  #chosenHere(): void {
    const { keyboard, timezone, firewall, displayLicense, displayLicenses } = this.#installation;
    const hasLicences = this.#template.stack.bundles?.some(({ license }) => license !== undefined) ?? false;
    const chosen = [
      ...(keyboard === undefined ? ['keyboard: us'] : []),
      ...(timezone === undefined ? ['timezone: Etc/UTC'] : []),
      ...(firewall === undefined ? ['firewall: false'] : []),
      ...(hasLicences && (displayLicense ?? displayLicenses) === undefined ? ['displayLicense: false'] : []),
    ];
    if (chosen.length === 0) return;
    const says = `leaves open what UForge asks for at the first boot, and the local forge does not: it is built with ${chosen.join(', ')}`;
    this.#warning(['stack', 'installation'], says);
  }

  request(): void {
    const image = this.#image;
    const profile = image.installProfile ?? {};
    this.#checkFormat();
    if (profile.updateTools === true) this.warnings.push('installProfile/updateTools is not honoured');
    this.#checkRequested(requestedPart(this.#installation, profile));
    if (image.ebs === true && this.#format()?.info.ebs !== true)
      this.warnings.push('ebs is for Amazon AWS only');
    if (image.updateTools === true) this.warnings.push('updateTools is not honoured');
    if (image.credAccount !== undefined) this.warnings.push('credAccount is not used for a generation');
  }

  sizes(): void {
    const { diskSize, swapSize, memorySize, hwType } = sizesOf(this.#template, this.#image);
    const isWrong = hwType !== undefined && hardwareTypeOf(hwType) === undefined;
    if (isWrong) {
      const says = `“${shortened(hwType)}” is no version of VMware's virtual hardware: ${hardwareTypes.join(', ')}`;
      this.problems.push(`hwType ${says}`);
    } else if (hwType !== undefined && this.#format()?.info.hwType !== true) {
      this.warnings.push('hwType is for VMware formats only');
    }
    if (this.#installation.partitioning === undefined)
      for (const { at, says } of limitsOfSizes({ diskSize, swapSize }))
        this.#problem(this.#placed(at), String(says));
    for (const { says } of limitsOfMemory(memorySize)) this.problems.push(`memorySize ${String(says)}`);
  }

  disks(): void {
    if (this.#installation.partitioning === undefined) return;
    const path = this.#at('partitioning', 'partitionTable');
    if (this.#format()?.system.hasDisk === false) {
      this.#warning(
        path,
        `is not used: ${this.#image.targetFormat?.name ?? 'this format'} has no disk of its own`,
      );
      return;
    }
    const { disks, problems, warnings } = disksFor(this.#installation, {}, '', path);
    for (const { path: at, says } of problems) this.#problem(at, says);
    for (const { path: at, says } of warnings) this.#warning(at, says);
    const facts = this.#format()?.info;
    if (facts?.oneDisk === true && disks.length > 1) {
      this.#problem([...path, 'disks'], `are ${disks.length}, and ${facts.name} takes one disk only`);
    }
  }

  /** Who Vagrant logs in as keeps the rules of every other user; what is for clouds is for clouds only. */
  platform(): void {
    const platform = this.#format()?.platform;
    if (this.#installation.cloudInit === true && platform?.datasources === undefined) {
      this.#warning(this.#at('cloudInit', 'users'), 'is for the formats of clouds only');
    }
    if (platform?.vagrant !== true) {
      if (this.#image.installProfile?.vagrantUser !== undefined)
        this.warnings.push('installProfile/vagrantUser is for Vagrant Base Box only');
      return;
    }
    const name = boxUserOf(this.#image.installProfile);
    const { users = [] } = withBoxUser({}, name);
    this.#checkRequested({ users });
    const given = this.#installation.users?.find((user) => user.name === name);
    if (name !== boxUser && (given?.sshKeys ?? []).length === 0) {
      this.problems.push(`installProfile/vagrantUser is ${name}, who has no SSH key: add one in users`);
    }
  }

  bundles(): void {
    const { stack } = this.#template;
    const release = this.#release();
    const format = this.#format();
    if (typeof release !== 'string' && format !== undefined) {
      this.#planned(planBundles(this.#template, release, format.info), format.info.entrypoint === true);
    }
    stack.bundles?.forEach((bundle, index) => {
      const path: TemplatePath = ['stack', 'bundles', index];
      if (bundle.sourceLogo !== undefined) this.#warning([...path, 'sourceLogo'], 'is not part of the image');
      if (bundle.license !== undefined && isRemote(bundle.license.source)) {
        this.#problem([...path, 'license', 'source'], 'is an address: put the file beside the template');
      }
      for (const remark of bundleFileRemarks(bundle.files, [...path, 'files'])) {
        if (remark.isRefused) this.#problem(remark.at, remark.says);
        else this.#warning(remark.at, remark.says);
      }
    });
  }

  #planned({ leftOut, files, bootScripts }: PlannedBundles, hasEntrypoint: boolean): void {
    this.warnings.push(...leftOut);
    for (const { at, target } of files.filter((file) => isVolatile(file.target))) {
      const says = `is put to ${target}, which every boot empties: it is there until the boot scripts have run`;
      this.warnings.push(`${at} ${says}`);
    }
    if (hasEntrypoint && bootScripts.length + (this.#template.stack.config?.length ?? 0) > 0) {
      const says =
        'nothing boots in a container: the boot scripts run before the entrypoint, without systemd';
      this.warnings.push(says);
    }
  }

  /** The request's own partitions, cards and accounts keep the same rules as the template's. */
  #checkRequested(installation: Installation): void {
    const rules = new RuleContext({ rangeAt: () => beginning, additionAt: () => undefined });
    checkAccounts(installation, profilePath, rules);
    checkNetwork(installation, profilePath, rules);
    if (installation.partitioning !== undefined) {
      checkPartitioning(installation.partitioning, [...profilePath, 'partitionTable'], rules);
    }
    for (const { message, severity } of rules.problems) {
      (severity === 'error' ? this.problems : this.warnings).push(String(message).replace(/\.$/, ''));
    }
  }

  #checkFormat(): void {
    const { entrypoint } = this.#image;
    const format = this.#format()?.info;
    if (format?.entrypoint === true) {
      if ((entrypoint ?? '') === '') {
        this.problems.push('entrypoint is missing: the command the container starts');
      }
    } else if (entrypoint !== undefined && format !== undefined) {
      this.problems.push(
        `entrypoint is for Docker and OpenShift: what starts from ${format.name} is a whole system`,
      );
    }
  }

  #release(): DebianRelease | string {
    return debianRelease(this.#template.stack.os);
  }

  #format(): ReturnType<typeof imageFormatOf> {
    return imageFormatOf(this.#image.targetFormat?.name);
  }

  /** Where something of the installation comes from: the request, if that has it, else the template. */
  #at(key: keyof Installation, field = key as keyof InstallProfile): TemplatePath {
    const isRequested = this.#image.installProfile?.[field] !== undefined;
    return isRequested ? [...profilePath, field] : ['stack', 'installation', key];
  }

  /** Where a limit of the installation comes from. */
  #placed([key, ...rest]: TemplatePath): TemplatePath {
    if (key === 'kernelParams') return [...this.#at('kernelParams', 'kernelParameters'), ...rest];
    return [...this.#at(key as keyof Installation), ...rest];
  }

  #problem(path: TemplatePath, says: string): void {
    this.problems.push(`${this.#prefix(path)} ${says}`);
  }

  #warning(path: TemplatePath, says: string): void {
    this.warnings.push(`${this.#prefix(path)} ${says}`);
  }

  #prefix(path: TemplatePath): string {
    return `${path[0] === 'stack' ? this.#placeOf(path) : ''}${named(path)}`;
  }
}

/** The part of an installation that the request itself gives, for messages about it. */
function requestedPart(installation: Installation, profile: InstallProfile): Installation {
  const { rootUser, users, groups, nics, internetSettings, partitioning } = installation;
  return {
    ...(profile.rootUser && rootUser && { rootUser }),
    ...(profile.users && users && { users }),
    ...(profile.groups && groups && { groups }),
    ...(profile.nics && nics && { nics, ...(internetSettings && { internetSettings }) }),
    ...(profile.partitionTable && partitioning && { partitioning }),
  };
}
