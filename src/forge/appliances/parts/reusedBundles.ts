import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { archivedSources } from '../../../appliance/archive/layout.ts';
import type { Bundle, BundleFile, Template } from '../../../appliance/template/model/template.ts';
import { sourcePath } from '../../../appliance/archive/unpackTemplate.ts';
import { linkFile, linkFolder } from './files.ts';
import { idOfBundle } from './software.ts';

/** A bundle some appliance of the user has, with the folder its sources are in. */
export interface KnownBundle {
  readonly bundle: Bundle;
  readonly folder: string;
}

/** A user's bundles, by `idOfBundle`. */
export type KnownBundles = ReadonlyMap<number, KnownBundle>;

/**
 * Takes the bundles the user has already, by name and version, in place of those of the template:
 * `reuseBundles` of an import. What the template and its files say of such a bundle is ignored.
 */
export async function reuseBundles(
  template: Template,
  folder: string,
  known: KnownBundles,
  notes: string[],
): Promise<Template> {
  const bundles = template.stack.bundles ?? [];
  const reused: Bundle[] = [];
  for (const bundle of bundles) {
    const found = known.get(idOfBundle(bundle));
    if (found === undefined) {
      reused.push(bundle);
      continue;
    }
    reused.push(await takeBundle(found, folder));
    notes.push(`reused the bundle ${bundle.name} ${bundle.version}`);
  }
  if (reused.every((bundle, index) => bundle === bundles[index])) return template;
  return { ...template, stack: { ...template.stack, bundles: reused } };
}

/** Brings a bundle with its files into a folder. @returns the bundle with its sources as they are there */
export async function takeBundle({ bundle, folder: from }: KnownBundle, folder: string): Promise<Bundle> {
  const sources = sourcesOf(bundle);
  const home = await freeHome(folder, bundle);
  for (const { source, optional } of sources) {
    const path = sourcePath(from, source);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined && optional) continue;
    const target = join(folder, home, source);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    if (found?.isDirectory() === true) await linkFolder(path, target);
    else await linkFile(path, target);
  }
  const taken = new Set(sources.map(({ source }) => source));
  return moved(bundle, (source) => (taken.has(source) ? `${home}/${source}` : source));
}

function sourcesOf(bundle: Bundle) {
  return archivedSources({
    stack: { name: 'bundle', version: '1', os: { name: '', version: '', arch: '' }, bundles: [bundle] },
  });
}

async function freeHome(folder: string, bundle: Bundle): Promise<string> {
  for (let number = 1; ; number++) {
    const home = `bundles/${idOfBundle(bundle)}${number === 1 ? '' : `.${number}`}`;
    if ((await stat(join(folder, home)).catch(() => undefined)) === undefined) return home;
  }
}

function moved(bundle: Bundle, place: (source: string) => string): Bundle {
  const { license, sourceLogo } = bundle;
  const files = (list: readonly BundleFile[]): BundleFile[] =>
    list.map((file) => ({
      ...file,
      source: place(file.source),
      ...(file.files && { files: files(file.files) }),
    }));
  return {
    ...bundle,
    files: files(bundle.files),
    ...(license && { license: { ...license, source: place(license.source) } }),
    ...(sourceLogo !== undefined && { sourceLogo: place(sourceLogo) }),
  };
}
