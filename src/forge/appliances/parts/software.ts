import type { Bundle } from '../../../appliance/template/model/template.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { idOfArtifact } from './artifacts.ts';
import { changed, changedText, compact, idOfName, refuseOthers, type Problems } from './dtoFields.ts';

export type MySoftware = Dto<'MySoftware'>;

/**
 * A bundle of an appliance is known by its name and version, whichever has it. Software of a user's own has ids
 * below these.
 */
export function idOfBundle({ name, version }: { readonly name: string; readonly version: string }): number {
  return 2 ** 31 + idOfName('bundle', name, version);
}

/** A bundle as a `mySoftware`. `size`: of its files, bytes. */
export function mySoftwareOf(
  bundle: Bundle,
  id: number,
  uri: string,
  more: { readonly size: number; readonly isOwn: boolean } & Pick<
    MySoftware,
    'created' | 'lastModified' | 'imported' | 'revision' | 'applianceUris'
  >,
): MySoftware {
  const { category, license, restrictionRule } = bundle;
  const { isOwn, ...fields } = more;
  return compact<MySoftware>({
    ...fields,
    dbId: id,
    shortTag: bundle.shortTag,
    name: bundle.name,
    version: bundle.version,
    description: bundle.description,
    installLocation: bundle.destination,
    restricted: restrictionRule !== undefined,
    bundleRestriction: restrictionRule === undefined ? undefined : { restrictionRule },
    artifactsUri: `${uri}/artifacts`,
    uri,
    exportUri: isOwn ? `${uri}/exports` : undefined,
    category: category === undefined ? undefined : { name: category },
    license: license && { name: license.name },
    maintainer: bundle.maintainer,
    website: bundle.website,
    softwareArtifactUris: bundle.files.map((file) => `${uri}/artifacts/${idOfArtifact(file)}`),
    appliancesUri: `${uri}/appliances`,
    cloneUri: isOwn ? `${uri}/clone` : undefined,
  });
}

/** What a `mySoftware` says of a bundle; its files have operations of their own. */
export function readSoftware(dto: MySoftware, kept: Bundle | undefined, problems: Problems): Bundle {
  const path = 'mySoftware';
  refuseOthers(
    dto,
    path,
    [
      ...[
        'name',
        'version',
        'description',
        'installLocation',
        'shortTag',
        'category',
        'maintainer',
        'website',
      ],
      ...['bundleRestriction', 'restricted', 'license', 'imported', 'revision', 'tag', 'installedSize'],
    ],
    problems,
    sentence`software of the local forge has no such thing`,
  );
  for (const field of ['name', 'version'] as const) {
    if ((dto[field] ?? kept?.[field] ?? '').trim() === '')
      problems.push(sentence`${path}/${field} is missing`);
  }
  return compact<Bundle>({
    ...kept,
    name: dto.name ?? kept?.name ?? '',
    version: dto.version ?? kept?.version ?? '',
    description: changedText(dto.description, kept?.description),
    destination: changedText(dto.installLocation, kept?.destination),
    shortTag: changedText(dto.shortTag, kept?.shortTag),
    category: changed(dto.category?.name, kept?.category, kept?.category, (name) => name),
    maintainer: changedText(dto.maintainer, kept?.maintainer),
    website: changedText(dto.website, kept?.website),
    restrictionRule: changedText(dto.bundleRestriction?.restrictionRule, kept?.restrictionRule),
    files: kept?.files ?? [],
  });
}
