import { posix } from 'node:path';
import type { Bundle, BundleFile, Template } from '../template/model/template.ts';
import { formatsWith } from '../template/rules/restrictionRule.ts';
import type { TemplatePath } from '../template/model/path.ts';

/** A file, or a folder with everything in it, that goes into an archive. */
export interface ArchivedSource {
  /** As the template names it, relative to the template's folder. */
  readonly source: string;
  readonly archivePath: string;
  /** Where in the template it is named. */
  readonly at: TemplatePath;
  /** No harm when the file is not there: a logo, a package the server may find in its repositories by name as well. */
  readonly optional?: true;
  /** The target formats whose images have it, where that is not all of them: what its bundle is restricted to. */
  readonly onlyFor?: readonly string[];
  readonly isBootScript?: true;
}

/** Whether no image of one of these target formats can be made without a source; of any when none are named. */
export function isNeeded(
  { optional, onlyFor }: Pick<ArchivedSource, 'optional' | 'onlyFor'>,
  formats?: readonly string[],
): boolean {
  if (optional === true) return false;
  if (onlyFor === undefined) return true;
  const names = onlyFor.map((name) => name.toLowerCase());
  return formats?.some((format) => names.includes(format.toLowerCase())) ?? names.length > 0;
}

/** The target formats a template asks for itself. */
export function formatsOf({ builders = [] }: Template): readonly string[] | undefined {
  return builders.length === 0 ? undefined : builders.map(({ type }) => type);
}

export interface ArchiveLayout {
  /** The template with every source as a path inside the archive. */
  readonly template: Template;
  readonly sources: readonly ArchivedSource[];
}

/**
 * Says where in an archive every file goes that a template names, as hammr does it: `config/FILE`,
 * `bundles/BUNDLE/VERSION/…/FILE`, licence and logo under `bundles/BUNDLE/`, the stack's logo under `logo/`,
 * blanks as `_`; the second of two files with one place gets a folder of its own, `2/`. Files tagged `ospkg` are packages by name for UForge, so they may be missing; a `.deb` that is there
 * goes along, because the local forge installs it. Only the stack goes along: builders belong to requests, and
 * accounts hold secrets.
 */
export function layOutArchive(template: Template): ArchiveLayout {
  const sources: ArchivedSource[] = [];
  const taken = new Map<string, string>();
  const place: Place = (source, folder, at, kind) => {
    const name = archiveSegment(baseName(source));
    const file = posix.normalize(`${source}/`);
    let archivePath = `${folder}/${name}`;
    for (let number = 2; (taken.get(archivePath) ?? file) !== file; number++)
      archivePath = `${folder}/${number}/${name}`;
    taken.set(archivePath, file);
    sources.push({ source, archivePath, at, ...kind });
    return archivePath;
  };
  const { stack } = template;

  const config = stack.config?.map((script, index) => ({
    ...script,
    source: place(script.source, 'config', ['stack', 'config', index, 'source'], { isBootScript: true }),
  }));
  const bundles = stack.bundles?.map((bundle, index) =>
    placeBundle(bundle, ['stack', 'bundles', index], restricted(place, formatsWith(bundle, stack.os))),
  );
  const logo = stack.source_logo;
  return {
    template: {
      stack: {
        ...stack,
        ...(config && { config }),
        ...(bundles && { bundles }),
        ...(logo !== undefined && {
          source_logo: place(logo, 'logo', ['stack', 'source_logo'], { optional: true }),
        }),
      },
    },
    sources,
  };
}

/** Every source the template of an unpacked archive names: paths inside the archive. */
export function archivedSources(template: Template): readonly ArchivedSource[] {
  return layOutArchive(template).sources;
}

type Place = (
  source: string,
  folder: string,
  at: TemplatePath,
  kind?: Pick<ArchivedSource, 'optional' | 'onlyFor' | 'isBootScript'>,
) => string;

function restricted(place: Place, onlyFor: readonly string[] | undefined): Place {
  if (onlyFor === undefined) return place;
  return (source, folder, at, kind) => place(source, folder, at, { ...kind, onlyFor });
}

function placeBundle(bundle: Bundle, at: TemplatePath, place: Place): Bundle {
  const folder = `bundles/${archiveSegment(bundle.name)}`;
  const { license, sourceLogo } = bundle;
  return {
    ...bundle,
    files: placeFiles(bundle.files, `${folder}/${archiveSegment(bundle.version)}`, [...at, 'files'], place),
    ...(license && {
      license: { ...license, source: place(license.source, folder, [...at, 'license', 'source']) },
    }),
    ...(sourceLogo !== undefined && {
      sourceLogo: place(sourceLogo, folder, [...at, 'sourceLogo'], { optional: true }),
    }),
  };
}

function placeFiles(
  files: readonly BundleFile[],
  folder: string,
  at: TemplatePath,
  place: Place,
): BundleFile[] {
  return files.map((file, index) => {
    const path = [...at, index];
    if (file.tag === 'ospkg') {
      const isLocal = file.source.endsWith('.deb') && !isRemote(file.source);
      return isLocal
        ? { ...file, source: place(file.source, folder, [...path, 'source'], { optional: true }) }
        : file;
    }
    const kind = file.tag === 'bootscript' ? ({ isBootScript: true } as const) : {};
    const placed = { ...file, source: place(file.source, folder, [...path, 'source'], kind) };
    // The list says more of some files of a folder; the others go along all the same.
    if (file.files === undefined || file.files.length === 0) return placed;
    return { ...placed, files: placeFiles(file.files, placed.source, [...path, 'files'], place) };
  });
}

/** Whether a source is an address, which is not fetched for an archive. */
export function isRemote(source: string): boolean {
  return /^(?:https?|ftp):\/\//i.test(source);
}

/** The last part of a path, however it is written. */
export function baseName(path: string): string {
  return (
    path
      .replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .at(-1) ?? ''
  );
}

/** One part of a path inside the archive: no blank, no separator, never `.` or `..`. */
export function archiveSegment(name: string): string {
  const safe = name.replaceAll(/[\s\\/]/g, '_');
  return /^\.{0,2}$/.test(safe) ? '_' : safe;
}
