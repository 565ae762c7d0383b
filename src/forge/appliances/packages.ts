import { debianReleases } from '../../appliance/catalog/debianReleases.ts';
import { BuildError, type CataloguePackage, debianMirror } from '../../builder/index.ts';
import type { Forge } from '../process/forge.ts';
import type { Distribution } from '../api/answers/distribution.ts';
import { sentence } from '../../uforge/language/sentence.ts';
import { Refusal } from '../api/refusal.ts';

/** The packages the mirror has of a distribution. @throws {Refusal} 503 when its index can't be read */
export async function packagesOf(
  forge: Pick<Forge, 'catalogue'>,
  { dbId }: Distribution,
): Promise<readonly CataloguePackage[]> {
  const release = debianReleases.find(({ version }) => version === String(dbId));
  const mirror = process.env['FORGE_MIRROR'] ?? debianMirror;
  try {
    return release === undefined ? [] : await forge.catalogue.packages(release, mirror);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new Refusal('ERROR.SERVER.NO_PACKAGE_INDEX', sentence`${error.message}`, {
      parameters: [String(dbId)],
      cause: error,
    });
  }
}
