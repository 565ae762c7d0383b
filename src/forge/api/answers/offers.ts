import { targetFormats } from '../../../builder/index.ts';
import type { Dto, TargetFormat, TypeName } from '../../../uforge/dto.ts';

export type TargetPlatform = Dto<'TargetPlatform'>;
type Facts = (typeof targetFormats)[number];

/** The forge has one organisation, which everybody is in; its id is ours. */
export const orgUri = 'orgs/1';

/** What formats are sorted by. Their ids are their places in the list: ours. */
const categories = ['cloud', 'virtual', 'container', 'physical'] as const;

export function imageFormatCategories(): Dto<'Category'>[] {
  return categories.map(categoryOf);
}

function categoryOf(category: Facts['category']): Dto<'Category'> {
  const name = `${category.charAt(0).toUpperCase()}${category.slice(1)}`;
  return { dbId: categories.indexOf(category) + 1, name, orgUri, type: 'IMAGEFORMAT' };
}

/** A target format the forge builds, with its primitive and the platform it is published to. */
export function targetFormatOf(name: string): TargetFormat {
  const info = targetFormats.find((format) => format.name === name);
  if (info === undefined) return { name };
  const dbId = targetFormats.indexOf(info) + 1;
  const platform = platformNamed(info.platform)?.uri;
  return {
    dbId,
    name: info.name,
    format: { access: true, active: true, name: info.imageFormat },
    category: categoryOf(info.category),
    type: info.category,
    ...(info.account !== undefined && { credAccountType: info.account }),
    targetPlatformsUri: `${orgUri}/targetformats/${dbId}/targetplatforms`,
    targetPlatformsUriList: platform === undefined ? [] : [platform],
    imageInfos: info.description,
    access: true,
    active: true,
    uri: `${orgUri}/targetformats/${dbId}`,
  };
}

/** Every format the forge builds. */
export function allTargetFormats(): TargetFormat[] {
  return targetFormats.map(({ name }) => targetFormatOf(name));
}

/** Where images of the forge's formats are published to. Ids are places in the list: ours. */
export function targetPlatforms(): TargetPlatform[] {
  const names = [...new Set(targetFormats.flatMap(({ platform }) => platform ?? []))];
  return names.map((name, index) => {
    const formats = targetFormats.filter(({ platform }) => platform === name);
    const type = formats.find(({ account }) => account !== undefined)?.account;
    const uri = `${orgUri}/targetplatforms/${index + 1}`;
    return {
      dbId: index + 1,
      name,
      ...(type !== undefined && { type }),
      targetFormatsUri: `${uri}/targetformats`,
      targetFormatsUriList: formats.map(
        (info) => `${orgUri}/targetformats/${targetFormats.indexOf(info) + 1}`,
      ),
      access: true,
      active: true,
      uri,
    };
  });
}

/** The formats of a platform. */
export function formatsOfPlatform({ name }: TargetPlatform): TargetFormat[] {
  return targetFormats.filter(({ platform }) => platform === name).map((info) => targetFormatOf(info.name));
}

/** The platform that an account of a kind is for, or that such a publication goes to. */
export function platformOfKind(kind: TypeName | undefined): TargetPlatform | undefined {
  const published = kind?.replace(/^CredAccount/, 'PublishImage');
  return platformNamed(targetFormats.find(({ publishType }) => publishType === published)?.platform);
}

function platformNamed(name: string | undefined): TargetPlatform | undefined {
  return name === undefined ? undefined : targetPlatforms().find((each) => each.name === name);
}
