import type { UForgeClient } from '../uforge/client/client.ts';
import type { PublishImage } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import { parseImageUri, parsePublicationUri } from '../uforge/uris.ts';
import { withStatus } from './fromServer.ts';
import { requestTimeoutMs, type Kind } from './kind.ts';
import { publicationIds, type Publication } from './publication.ts';

/** The publication in a `publishImage` of the server; `undefined` for one of a scan's image. */
export function publicationFrom(
  published: PublishImage,
  { server, uid, now }: { readonly server: string; readonly uid: string; readonly now: number },
): Publication | undefined {
  const uri = published.uri?.replace(/^\/+/, '') ?? '';
  const pitid = parsePublicationUri(uri)?.pitid;
  const ids = parseImageUri(uri) ?? parseImageUri(published.imageUri ?? '');
  if (pitid === undefined || ids === undefined) return undefined;
  const created = (published.created ?? published.status?.created ?? new Date(now)).toISOString();
  const bare: Publication = {
    server,
    uid,
    uri,
    aid: String(ids.aid),
    itid: String(ids.itid),
    pitid: String(pitid),
    applianceUri: `users/${uid}/appliances/${ids.aid}`,
    applianceName: published.name ?? '',
    applianceVersion: published.version ?? '',
    targetFormat: published.targetFormat?.name ?? published.format?.name ?? '',
    type: published.$type ?? '',
    account: published.credAccount?.name ?? '',
    state: 'waiting',
    percentage: 0,
    message: '',
    created,
    changed: created,
  };
  return withPublished(withStatus(bare, published.status, now), published);
}

/** The publication with all its server says of it, `undefined` when the server has it no more. */
async function fetchPublication(
  client: UForgeClient,
  publication: Publication,
  now: () => number,
  signal?: AbortSignal,
): Promise<Publication | undefined> {
  const ids = publicationIds(publication);
  try {
    const options = { signal, timeoutMs: requestTimeoutMs, fresh: true };
    const published = await client.machineImagePublished_get(ids, options);
    const status = published.status ?? (await client.machineImagePublishedStatus_get(ids, options));
    return withPublished(withStatus(publication, status, now()), published);
  } catch (error) {
    if (error instanceof UForgeError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

export const publications: Kind<Publication> = {
  name: 'publications',
  statuses: async (client, running, options) => {
    const img = running.map(({ uri }) => uri);
    const answer = await client.userMachineImagePublishedStatus_getAll({ img }, options);
    return { answer, statuses: answer.statuses };
  },
  idOf: (uri) => String(parsePublicationUri(uri)?.pitid ?? ''),
  fetch: fetchPublication,
};

/** The publication with what the platform has made of it. */
function withPublished(publication: Publication, { cloudId, publishLocation }: PublishImage): Publication {
  return {
    ...publication,
    ...(cloudId !== undefined && cloudId !== '' && { cloudId }),
    ...(publishLocation !== undefined && publishLocation !== '' && { location: publishLocation }),
  };
}
