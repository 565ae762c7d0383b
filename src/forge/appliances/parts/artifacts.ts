import { archiveSegment, baseName } from '../../../appliance/archive/layout.ts';
import type { Bundle, BundleFile } from '../../../appliance/template/model/template.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { changedText, compact, idOfName, refuseOthers, valueOf, type Problems } from './dtoFields.ts';

export type SoftwareArtifact = Dto<'SoftwareArtifact'>;

/** A file of a bundle keeps its id when it gets its bytes. */
export const idOfArtifact = ({ name }: { readonly name: string }): number => idOfName('artifact', name);

/** What is known of a file once it is there. Hashes are lower-case hex. */
export interface ArtifactFile {
  readonly size: number;
  readonly md5: string;
  readonly sha256: string;
}

/** A file or folder of a bundle as a `softwareArtifact`; of a folder the bytes can't be downloaded. */
export function artifactOf(
  file: BundleFile,
  listUri: string,
  bytes: ArtifactFile | undefined,
): SoftwareArtifact {
  const uri = `${listUri}/${idOfArtifact(file)}`;
  const fileName = baseName(file.source);
  return compact<Dto<'SoftwareFile'>>({
    $type: 'SoftwareFile',
    dbId: idOfArtifact(file),
    md5sum: bytes?.md5,
    sha256sum: bytes?.sha256,
    size: bytes?.size ?? 0,
    uploaded: bytes !== undefined,
    uri,
    binaryUri: bytes && `${uri}/bin/${encodeURIComponent(fileName)}`,
    parentUri: listUri.replace(/\/artifacts$/, ''),
    extract: file.extract ?? false,
    install: file.install ?? false,
    active: true,
    installLocation: file.destination,
    name: file.name,
    fullName: fileName,
    origName: fileName,
    shortTag: file.tag ?? 'softwarefile',
    params: file.params,
    ownerGroup: file.ownerGroup,
    rights: file.rights,
    symlink: file.symlink,
  });
}

/** `place` is where a new file will lie until it is uploaded under its own name. */
export function readArtifact(
  dto: SoftwareArtifact & Pick<Dto<'SoftwareFile'>, 'ownerGroup' | 'rights' | 'symlink'>,
  kept: BundleFile | undefined,
  place: (fileName: string) => string,
  problems: Problems,
): BundleFile | undefined {
  const path = 'softwareArtifact';
  refuseOthers(
    dto,
    path,
    [
      ...[
        'name',
        'fullName',
        'origName',
        'shortTag',
        'tag',
        'extract',
        'install',
        'active',
        'installLocation',
      ],
      ...['params', 'ownerGroup', 'rights', 'symlink', 'type', 'cache'],
    ],
    problems,
    sentence`a file of the local forge’s software has no such thing`,
  );
  const name = dto.name ?? dto.origName ?? dto.fullName ?? kept?.name ?? '';
  if (name.trim() === '') {
    problems.push(sentence`${path}/name is missing`);
    return undefined;
  }
  const asked = dto.shortTag ?? dto.tag;
  const tag = asked === undefined || asked === '' ? kept?.tag : valueOf(tags, asked);
  if (asked !== undefined && asked !== '' && tag === undefined)
    problems.push(sentence`${path}/shortTag: “${asked}” is none of ${tags.join(', ')}`);
  return compact<BundleFile>({
    ...kept,
    name,
    source: kept?.source ?? place(name),
    destination: changedText(dto.installLocation, kept?.destination),
    tag,
    extract: saidTrue(dto.extract, kept?.extract),
    install: saidTrue(dto.install, kept?.install),
    params: changedText(dto.params, kept?.params),
    ownerGroup: changedText(dto.ownerGroup, kept?.ownerGroup),
    rights: changedText(dto.rights, kept?.rights),
    symlink: changedText(dto.symlink, kept?.symlink),
  });
}

/** A place for a file of a bundle that no other one of it has. */
export function placeOfArtifact(
  { files, name, version }: Bundle,
  fileName: string,
  but?: BundleFile,
): string {
  const folder = `bundles/${archiveSegment(name)}/${archiveSegment(version)}`;
  const taken = new Set(files.filter((each) => each !== but).map(({ source }) => source));
  for (let number = 1; ; number++) {
    const place = `${folder}/${number === 1 ? '' : `${number}/`}${archiveSegment(fileName)}`;
    if (!taken.has(place)) return place;
  }
}

/** What it always was without a word needs none. */
function saidTrue(asked: boolean | undefined, kept: boolean | undefined): boolean | undefined {
  return asked === undefined || asked === (kept ?? false) ? kept : asked;
}

const tags = ['softwarefile', 'ospkg', 'bootscript'] as const;
