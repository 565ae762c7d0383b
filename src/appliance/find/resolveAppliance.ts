import type { Image } from '../../uforge/dto.ts';
import { parseApplianceUri } from '../../uforge/uris.ts';
import { nearestTemplate, type NearestTemplateOptions } from './definitions.ts';

/** Which appliance a request means: one the server has, or the one a template describes. */
export type ApplianceChoice =
  | { readonly kind: 'uri'; readonly applianceUri: string }
  | { readonly kind: 'template'; readonly templateFile: string };

/**
 * The appliance a request for an image means: its `parentUri`; else the nearest template beside or above the
 * file, which is to be pushed; else `undefined`: ask.
 */
export async function resolveAppliance(
  file: string,
  image: Image,
  options: NearestTemplateOptions,
): Promise<ApplianceChoice | undefined> {
  const parent = image.parentUri?.trim() ?? '';
  if (parseApplianceUri(parent) !== undefined) {
    return { kind: 'uri', applianceUri: parent.replace(/^.*?(?=users\/)/, '').replace(/^\/+/, '') };
  }
  const templateFile = await nearestTemplate(file, options);
  return templateFile === undefined ? undefined : { kind: 'template', templateFile };
}
