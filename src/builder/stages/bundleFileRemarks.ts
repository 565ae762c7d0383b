import { isRemote } from '../../appliance/archive/layout.ts';
import type { TemplatePath } from '../../appliance/template/model/path.ts';
import type { BundleFile } from '../../appliance/template/model/template.ts';
import { isArchive } from '../../appliance/template/rules/bundleTargets.ts';
import { packageOfFile } from '../plan/bundles.ts';
import { packageProblem } from '../plan/wantedPackage.ts';

/** What would become of a bundle's file, as the rest of a sentence. */
interface FileRemark {
  readonly at: TemplatePath;
  readonly says: string;
  /** The image would be a wrong one. */
  readonly isRefused: boolean;
}

/** What can't be put into an image of the local forge as it is asked for, or what nothing would come of. */
export function* bundleFileRemarks(
  files: readonly BundleFile[],
  path: TemplatePath,
): Generator<FileRemark, void, undefined> {
  for (const [index, file] of files.entries()) {
    const place = [...path, index];
    const refused = (key: string, says: string): FileRemark => ({
      at: [...place, key],
      says,
      isRefused: true,
    });
    const ignored = (key: string, says: string): FileRemark => ({
      at: [...place, key],
      says,
      isRefused: false,
    });
    if (isRemote(file.source) && file.tag !== 'ospkg') {
      yield refused('source', 'is an address: put the file beside the template');
    }
    const isDeb = file.source.endsWith('.deb');
    const problem = file.tag === 'ospkg' ? packageProblem(packageOfFile(file)) : undefined;
    if (problem !== undefined) yield refused('name', problem);
    if (file.install === true && !isDeb && file.tag === undefined) {
      yield ignored('install', 'is ignored: it is for .deb files; give “params” to run a program');
    }
    if (file.extract === true && !isArchive(file.source)) {
      yield ignored('extract', `is ignored: ${file.source} is no archive`);
    }
    if (file.params !== undefined && (isDeb || file.tag === 'bootscript')) {
      yield ignored('params', 'are ignored: they are for programs that run while the image is built');
    }
    if (/\.(rpm|msi|exe)$/i.test(file.source) && file.install !== false && file.tag !== 'softwarefile') {
      const says = `${file.source} is a package of another system; with install: false it is only put into the image`;
      yield refused('source', says);
    }
    if (file.files !== undefined) yield* bundleFileRemarks(file.files, [...place, 'files']);
  }
}
