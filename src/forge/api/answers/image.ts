import { decodeAs } from '../../../uforge/codec/codec.ts';
import type { Image, InstallProfile, TargetFormat } from '../../../uforge/dto.ts';
import { targetFormats } from '../../../builder/index.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';
import type { TicketRecord } from '../../store/ticketStore.ts';
import { statusOfTicket } from './status.ts';
import type { Uris } from './uris.ts';

/** A ticket as an `image`. `downloadKey` only where the answer is for one person who may download it. */
export function imageOf(
  ticket: TicketRecord,
  appliance: ApplianceRecord,
  uris: Uris,
  downloadKey?: string,
): Image {
  const asked = requestOf(ticket);
  const uri = uris.image(appliance.id, ticket.id);
  const { file } = ticket;
  const compress = asked.compress ?? true;
  const done = ticket.state === 'done';
  return {
    created: ticket.created,
    dbId: ticket.id,
    lastModified: ticket.modified,
    ...(file && { md5sum: file.md5, mimeType: file.mimeType, sha256sum: file.sha256, size: file.size }),
    status: statusOfTicket(ticket, uris),
    parentUri: uris.appliance(appliance.id),
    compress,
    ...(appliance.distribution !== undefined && { distributionName: appliance.distribution }),
    ...(done && compress && file && downloadUris(uri, file.fileName, downloadKey)),
    ...(file && { fileExtension: file.fileExtension, fileName: file.fileName, fileSize: file.size }),
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
  };
}

/** The image as it was asked for. */
export function requestOf(ticket: TicketRecord): Image {
  return decodeAs('image', ticket.request, 'application/json');
}

/** A target format the forge builds, with its primitive. */
export function targetFormatOf(name: string): TargetFormat {
  const info = targetFormats.find((format) => format.name === name);
  if (info === undefined) return { name };
  return {
    dbId: targetFormats.indexOf(info) + 1,
    name: info.name,
    format: { access: true, active: true, name: info.imageFormat },
    type: info.category,
    imageInfos: info.description,
    access: true,
    active: true,
  };
}

function downloadUris(
  uri: string,
  fileName: string,
  downloadKey: string | undefined,
): Pick<Image, 'downloadKey' | 'downloadUri'> {
  const path = `${uri}/downloads/${encodeURIComponent(fileName)}`;
  return downloadKey === undefined
    ? { downloadUri: path }
    : { downloadKey, downloadUri: `${path}?downloadId=${downloadKey}` };
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
