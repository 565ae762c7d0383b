import type { Bundle } from '../../../appliance/template/model/template.ts';
import type { Dto } from '../../../uforge/dto.ts';
import type { Uris } from '../../api/answers/uris.ts';
import { compact, idOfName } from './dtoFields.ts';

export type MySoftware = Dto<'MySoftware'>;

/** A bundle is known by its name and version, whichever appliance has it. */
export function idOfBundle({ name, version }: { readonly name: string; readonly version: string }): number {
  return idOfName('bundle', name, version);
}

/** A bundle of a template as a `mySoftware`. */
export function mySoftwareOf(bundle: Bundle, uris: Uris): MySoftware {
  const { category, license, restrictionRule } = bundle;
  return compact<MySoftware>({
    dbId: idOfBundle(bundle),
    shortTag: bundle.shortTag,
    name: bundle.name,
    version: bundle.version,
    description: bundle.description,
    installLocation: bundle.destination,
    restricted: restrictionRule !== undefined,
    bundleRestriction: restrictionRule === undefined ? undefined : { restrictionRule },
    uri: uris.mySoftware(idOfBundle(bundle)),
    category: category === undefined ? undefined : { name: category },
    license: license && { name: license.name },
    maintainer: bundle.maintainer,
    website: bundle.website,
    imported: true,
  });
}
