import { baseName } from '../../archive/layout.ts';
import type { Bundle, BundleFile } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';

/** Where a bundle's files go that say nothing else. */
export function bundleFolder({ destination, name }: Bundle): string {
  return destination ?? `/opt/${name.replaceAll(/[^\w.+-]+/g, '_')}`;
}

/** Where a file of that folder is in the image; for an archive that is extracted, the folder. */
export function targetIn(folder: string, file: BundleFile): string {
  return isExtracted(file) ? folder : `${folder.replace(/\/+$/, '')}/${baseName(file.name)}`;
}

/** An archive that is unpacked in the image. `extract` is ignored for any other file, as UForge does. */
export function isExtracted({ extract, source }: BundleFile): boolean {
  return extract === true && isArchive(source);
}

export function isArchive(name: string): boolean {
  return /\.(tar|tgz|tbz2?|txz|zip|tar\.(gz|bz2|xz|zst)|gz|bz2|xz|zst)$/i.test(name);
}

/** Whether it is a package that is installed: it is not put anywhere. */
export function isInstalled({ tag = 'softwarefile', source, install }: BundleFile): boolean {
  return tag === 'softwarefile' && source.endsWith('.deb') && install !== false;
}

/** A file of a bundle, or a folder, that is put somewhere as it is. */
export interface PlacedFile {
  readonly file: BundleFile;
  readonly target: string;
  readonly path: TemplatePath;
}

/** What of a bundle is put somewhere, with what is listed in its folders. */
export function placedFiles(bundle: Bundle, path: TemplatePath): PlacedFile[] {
  return bundle.files.flatMap((file, index) => {
    const isPlaced = (file.tag ?? 'softwarefile') === 'softwarefile' && !isInstalled(file);
    const folder = file.destination ?? bundleFolder(bundle);
    return isPlaced ? placed(file, folder, [...path, 'files', index]) : [];
  });
}

function placed(file: BundleFile, folder: string, path: TemplatePath): PlacedFile[] {
  const target = targetIn(folder, file);
  const inside = (file.files ?? []).flatMap((inner, index) =>
    placed(inner, inner.destination ?? target, [...path, 'files', index]),
  );
  return isExtracted(file) ? inside : [{ file, target, path }, ...inside];
}
