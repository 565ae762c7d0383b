import { baseName } from '../../appliance/archive/layout.ts';
import {
  debianPackages,
  parseRestrictionRule,
  restrictionAllows,
  restrictionOf,
} from '../../appliance/template/rules/restrictionRule.ts';
import {
  bundleFolder,
  isExtracted,
  isInstalled,
  targetIn,
} from '../../appliance/template/rules/bundleTargets.ts';
import type { Bundle, BundleFile, Template } from '../../appliance/template/model/template.ts';
import { named, type TemplatePath } from '../../appliance/template/model/path.ts';
import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import type { TargetFormatFacts } from '../../appliance/catalog/targetFormats.ts';
import type { WantedPackage } from './wantedPackage.ts';

/** A script of the template that runs in the appliance. */
export interface PlannedBootScript {
  readonly name: string;
  /** Relative to the unpacked archive. */
  readonly source: string;
  readonly frequency: 'firstboot' | 'everyboot';
  readonly order: number;
  /** Seconds. */
  readonly timeLimit: number;
}

/** Half an hour: a first boot may fetch and set up a lot. Seconds. */
export const defaultTimeLimit = 1800;

/** A file or folder of a bundle that goes into the image. Paths `source` are relative to the unpacked archive. */
export interface PlannedBundleFile {
  /** `stack.bundles[0].files[1]`, for messages. */
  readonly at: string;
  readonly source: string;
  /** Where it is in the image; for an archive that is extracted, the folder. */
  readonly target: string;
  readonly extract: boolean;
  /** `root:root` */
  readonly ownerGroup: string;
  /** Octal: `755` */
  readonly rights: string;
  readonly symlink: string | undefined;
  /** Run with these parameters while the image is built. */
  readonly params: string | undefined;
  /** Whether it may reach the web then. */
  readonly network: boolean;
}

/** A `.deb` of a bundle that is installed with what it depends on. */
interface PlannedDeb {
  readonly at: string;
  readonly source: string;
  /** `ospkg`: when the archive has no such file, it is a package of the repositories. */
  readonly otherwise: WantedPackage | undefined;
}

interface PlannedSum {
  readonly at: string;
  readonly source: string;
  readonly algorithm: 'md5' | 'sha256';
  readonly sum: string;
}

interface PlannedLicence {
  readonly source: string;
  /** `app-1.0/LICENSE` */
  readonly name: string;
}

export interface PlannedBundles {
  readonly files: readonly PlannedBundleFile[];
  readonly debs: readonly PlannedDeb[];
  readonly packages: readonly WantedPackage[];
  readonly bootScripts: readonly PlannedBootScript[];
  readonly licences: readonly PlannedLicence[];
  readonly sums: readonly PlannedSum[];
  /** Bundles that are not for this image, as sentences. */
  readonly leftOut: readonly string[];
}

type Format = Pick<TargetFormatFacts, 'name' | 'category'>;

/** The rule that keeps a bundle out of an image of that distribution and format; undefined when none does. */
function ruleAgainst(
  bundle: Bundle,
  { version }: DebianRelease,
  { name, category: type }: Format,
): string | undefined {
  const rule = restrictionOf(bundle);
  const facts = {
    Distribution: { family: 'linux', pkgType: debianPackages, name: 'Debian', version, arch: 'x86_64' },
    TargetFormat: { name, type },
  };
  return rule === '' || restrictionAllows(parseRestrictionRule(rule), facts) ? undefined : rule;
}

/** Name and version of each bundle that its rule keeps out of an image of that format. */
export function leftOutBundles({ stack }: Template, release: DebianRelease, format: Format): string[] {
  return (stack.bundles ?? [])
    .filter((bundle) => ruleAgainst(bundle, release, format) !== undefined)
    .map(({ name, version }) => `${name} ${version}`);
}

/** Sorts the bundles of a template into what the build does with them. */
export function planBundles({ stack }: Template, release: DebianRelease, format: Format): PlannedBundles {
  const plan = new BundlePlan();
  stack.bundles?.forEach((bundle, index) => {
    const rule = ruleAgainst(bundle, release, format);
    if (rule === undefined) {
      plan.add(bundle, ['stack', 'bundles', index]);
    } else {
      plan.leftOut.push(
        `stack.bundles[${index}] “${bundle.name} ${bundle.version}” is left out of this image: it is only for ${rule}`,
      );
    }
  });
  return plan;
}

/** The package that a file tagged `ospkg` stands for. */
export function packageOfFile({ name }: BundleFile): WantedPackage {
  return packageOfName(baseName(name));
}

/** `nginx_1.22.1-9_amd64.deb`, `nginx-1.22.1-9.deb` or just `nginx`. */
export function packageOfName(name: string): WantedPackage {
  const full = /^([a-z0-9][a-z0-9+.-]*)_([^_]+)(?:_[a-z0-9]+)?$/.exec(name.replace(/\.deb$/, ''));
  return full === null
    ? { name: name.replace(/\.deb$/, '') }
    : { name: full[1] ?? name, version: unescaped(full[2] ?? '') };
}

/** apt writes `%3a` for a colon in the name of a file. What is no such escape stays, and is no version. */
function unescaped(version: string): string {
  return version.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

class BundlePlan implements PlannedBundles {
  readonly files: PlannedBundleFile[] = [];
  readonly debs: PlannedDeb[] = [];
  readonly packages: WantedPackage[] = [];
  readonly bootScripts: PlannedBootScript[] = [];
  readonly licences: PlannedLicence[] = [];
  readonly sums: PlannedSum[] = [];
  readonly leftOut: string[] = [];

  add(bundle: Bundle, path: TemplatePath): void {
    const folder = bundleFolder(bundle);
    bundle.files.forEach((file, index) => this.#addFile(bundle, file, folder, [...path, 'files', index]));
    const { license } = bundle;
    if (license !== undefined) {
      // Short enough for two of them to be one name.
      const part = (text: string): string => text.replaceAll(/[^\w.+-]+/g, '_').slice(0, 100);
      this.licences.push({
        source: license.source,
        name: `${part(bundle.name)}-${part(bundle.version)}/${part(license.name)}`,
      });
    }
  }

  #addFile(bundle: Bundle, file: BundleFile, folder: string, path: TemplatePath): void {
    const at = named(path);
    const { source } = file;
    if (file.tag === 'ospkg') {
      const wanted = packageOfFile(file);
      if (source.endsWith('.deb')) this.debs.push({ at, source, otherwise: wanted });
      else this.packages.push(wanted);
      return;
    }
    if (file.md5sum !== undefined) this.sums.push({ at, source, algorithm: 'md5', sum: file.md5sum });
    if (file.sha256sum !== undefined) {
      this.sums.push({ at, source, algorithm: 'sha256', sum: file.sha256sum });
    }
    if (file.tag === 'bootscript') {
      this.bootScripts.push({
        name: `${bundle.name} ${file.name}`,
        source,
        frequency: file.bootType ?? 'firstboot',
        order: file.bootOrder ?? 0,
        timeLimit: file.timeLimit ?? defaultTimeLimit,
      });
    } else if (isInstalled(file)) {
      this.debs.push({ at, source, otherwise: undefined });
    } else {
      this.#place(file, file.destination ?? folder, path, {});
    }
  }

  /** A listed file of a folder takes owner and rights of the folder, where it has none of its own. */
  #place(
    file: BundleFile,
    folder: string,
    path: TemplatePath,
    inherited: { readonly ownerGroup?: string; readonly rights?: string },
  ): void {
    const target = targetIn(folder, file);
    const ownerGroup = file.ownerGroup ?? inherited.ownerGroup ?? 'root:root';
    // UForge's own (hammr, stack-bundle-files): what the file has on this computer says nothing.
    const rights = file.rights ?? inherited.rights ?? '755';
    this.files.push({
      at: named(path),
      source: file.source,
      target,
      extract: isExtracted(file),
      ownerGroup,
      rights,
      symlink: file.symlink === '' ? undefined : file.symlink,
      params: file.params,
      network: file.network === true,
    });
    file.files?.forEach((inner, index) => {
      const at = [...path, 'files', index];
      this.#place(inner, inner.destination ?? target, at, { ownerGroup, rights });
    });
  }
}
