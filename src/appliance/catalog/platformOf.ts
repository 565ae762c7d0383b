import { targetFormats } from './targetFormats.ts';

/** The target platform a publication or an account of that type is for, as a person calls it. */
export function platformOf(type: string): string {
  const suffix = type.replace(/^(?:PublishImage|CredAccount)/, '');
  return targetFormats.find(({ publishType }) => publishType === `PublishImage${suffix}`)?.platform ?? suffix;
}
