/**
 * The door of the build: what the forge's queue calls. A build takes a template and an image request and makes a
 * bootable image file out of Debian packages.
 */
import { Cache } from './cache/cache.ts';
import { debianRelease } from './plan/debian.ts';
import { imageFormatOf } from './formats/formats.ts';
import { leftOutBundles } from './plan/bundles.ts';
import type { BuildRequest } from './model.ts';

export type {
  Artifact,
  BuildFigure,
  BuildObserver,
  BuildProgress,
  BuildRequest,
  InstalledPackage,
} from './model.ts';
export { BuildError } from './model.ts';
export { build, simulate } from './stages/pipeline.ts';
export { checkBuildable } from './stages/checkBuildable.ts';
export { debianRelease, osProfileOf, osProfiles, profilePackages } from './plan/debian.ts';
export { debianMirror, type OsProfile } from './plan/distributions.ts';
export { automaticDisks } from './plan/plan.ts';
export { hashPasswords, type PlainPassword } from './plan/passwords.ts';
export { Catalogue, type CataloguePackage } from './packages/catalogue.ts';
export { splitVersion } from './packages/installed.ts';
export { defaultCacheLimit } from './cache/cache.ts';
export { makeCacheFolder, makePrivateFolder } from './cache/privateFolder.ts';
export { installCommand, missingTools } from './sandbox/tools.ts';
export { containerName } from './disk/oci.ts';
export { isDiskFile, writeRawDisk } from './disk/rawDisk.ts';
export { targetFormats } from './formats/formats.ts';
/** Name and version of each bundle that is not for an image of that request. */
export function bundlesLeftOut({ template, image }: Pick<BuildRequest, 'template' | 'image'>): string[] {
  const release = debianRelease(template.stack.os);
  const format = imageFormatOf(image.targetFormat?.name);
  return typeof release === 'string' || format === undefined
    ? []
    : leftOutBundles(template, release, format.info);
}
/** Removes a folder a build left behind, also files that belong to a normal user's subordinate ids. */
export { wipe } from './sandbox/wipe.ts';

/** Removes what builds left in the cache that were killed; builds of other forges may be going on there. */
export async function sweepCache(cacheDir: string): Promise<void> {
  await new Cache(cacheDir, Infinity).sweep();
}
