import type { Long } from './dto.ts';

/** Whole numbers as the protocol writes them: exact at any size. */
export function parseLong(text: string): Long {
  const value = Number(text) + 0; // -0 is 0
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** The ids in a ticket's URI, relative or absolute, also of what lies below it (`…/status`). */
export function parseImageUri(uri: string): { readonly aid: Long; readonly itid: Long } | undefined {
  const match = /(?:^|\/)appliances\/(\d+)\/images\/(\d+)(?:[/?#]|$)/.exec(uri);
  return match?.[1] && match[2] ? { aid: parseLong(match[1]), itid: parseLong(match[2]) } : undefined;
}

/** The id in a publication's URI, under its image or its appliance, also of what lies below it. */
export function parsePublicationUri(uri: string): { readonly pitid: Long } | undefined {
  const match = /(?:^|\/)pimages\/(\d+)(?:[/?#]|$)/.exec(uri);
  return match?.[1] ? { pitid: parseLong(match[1]) } : undefined;
}

/** The id in an appliance's URI, relative or absolute, also of what lies below it. */
export function parseApplianceUri(uri: string): { readonly aid: Long } | undefined {
  const match = /(?:^|\/)appliances\/(\d+)(?:[/?#]|$)/.exec(uri);
  return match?.[1] ? { aid: parseLong(match[1]) } : undefined;
}

/**
 * A base URL as everything here wants it: http or https, no credentials, query or fragment, with a slash at
 * its end.
 */
export function parseBaseUrl(text: string): URL {
  const url = new URL(text.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`A server URL starts with http:// or https://, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('A server URL must not contain a login or a password: sign in instead.');
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
