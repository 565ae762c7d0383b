import { decodeAs } from '../../../uforge/codec/codec.ts';
import type { Image, InstallProfile } from '../../../uforge/dto.ts';
import { containerName } from '../../../builder/index.ts';
import type { DownloadKeys } from '../../images/downloadKeys.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';
import type { TicketRecord } from '../../store/ticketStore.ts';
import { targetFormatOf } from './offers.ts';
import { statusOfTicket } from './status.ts';
import type { Uris } from './uris.ts';

/** A ticket as an `image`. What can be downloaded comes with its one-time key, made when it is asked for. */
export function imageOf(
  ticket: TicketRecord,
  appliance: ApplianceRecord,
  uris: Uris,
  keys: DownloadKeys,
): Image {
  const asked = requestOf(ticket);
  const uri = uris.image(appliance.id, ticket.id);
  const { file } = ticket;
  const done = ticket.state === 'done';
  return {
    created: ticket.created,
    dbId: ticket.id,
    lastModified: ticket.modified,
    ...(file && { md5sum: file.md5, mimeType: file.mimeType, sha256sum: file.sha256 }),
    size: file?.size ?? 0,
    status: statusOfTicket(ticket, uris),
    parentUri: uris.appliance(appliance.id),
    compress: asked.compress ?? true,
    ...(appliance.distribution !== undefined && { distributionName: appliance.distribution }),
    // Whatever compress says: there is a file, and nobody is served by keeping it.
    ...(done && file && downloadUris(uri, file.fileName, keys.keyOf(ticket.id))),
    ...(file && { fileExtension: file.fileExtension, fileName: file.fileName }),
    fileSize: file?.size ?? 0,
    targetFormat: targetFormatOf(ticket.targetFormat),
    imageCreated: done && file !== undefined,
    ...(asked.installProfile && { installProfile: withoutSecrets(asked.installProfile) }),
    name: appliance.name,
    pkgsUri: `${uri}/pkgs`,
    revision: ticket.revision,
    simulated: asked.simulated ?? false,
    statusUri: uris.status(appliance.id, ticket.id),
    uri,
    version: appliance.version,
    ...(asked.entrypoint !== undefined && {
      entrypoint: asked.entrypoint,
      ...(done &&
        file && {
          registeringName: containerName(appliance),
        }),
    }),
  };
}

/** The image as it was asked for. */
export function requestOf(ticket: TicketRecord): Image {
  return decodeAs('image', ticket.request, 'application/json');
}

function downloadUris(
  uri: string,
  fileName: string,
  downloadKey: string,
): Pick<Image, 'downloadKey' | 'downloadUri'> {
  const path = `${uri}/downloads/${encodeURIComponent(fileName)}`;
  return { downloadKey, downloadUri: `${path}?downloadId=${downloadKey}` };
}

/** Passwords go in and never come out again. */
function withoutSecrets(profile: InstallProfile): InstallProfile {
  const { rootUser, users, ...rest } = profile;
  return {
    ...rest,
    ...(rootUser && { rootUser: { ...rootUser, password: undefined } }),
    ...(users && { users: users.map((user) => ({ ...user, password: undefined })) }),
  };
}
