import type { Image, ImagePkg } from '../../../uforge/dto.ts';
import { parseImageUri } from '../../../uforge/uris.ts';
import { dto, empty } from '../http/answer.ts';
import { flag, listed } from '../http/query.ts';
import { imageOf, requestOf } from '../answers/image.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';
import { requestImage } from '../../images/takeRequest.ts';
import type { TicketRecord } from '../../store/ticketStore.ts';
import type { Call, Routes } from './route.ts';

export const imageRoutes: Routes = {
  machineImage_generate: async (call) => {
    const appliance = call.forge.appliance(call.owner, call.param('aid'));
    const ticket = await requestImage(call.forge, appliance, await call.body('image'));
    return dto('image', imageOf(ticket, appliance, call.uris, call.forge.downloadKeys));
  },

  machineImage_regenerate: async (call) => {
    const { forge } = call;
    const ticket = find(call);
    const appliance = forge.appliance(call.owner, call.param('aid'));
    const force = flag(call.query, 'force');
    if (ticket.passwordForgotten) {
      throw new Refusal(
        'ERROR.IMAGE.PASSWORD_FORGOTTEN',
        sentence`Image ${ticket.id} was requested with a root password, which the forge has not kept. Ask for a new image with machineImage_generate.`,
        { parameters: [String(ticket.id)] },
      );
    }
    const beforeTicket = async (): Promise<void> => {
      if (force) await forge.generations.cancel(ticket.id);
    };
    const again = await requestImage(forge, appliance, requestOf(ticket), { beforeTicket });
    return dto('image', imageOf(again, appliance, call.uris, forge.downloadKeys));
  },

  machineImage_get: (call) => {
    const { forge, uris } = call;
    const ticket = find(call);
    const appliance = forge.appliance(call.owner, call.param('aid'));
    const image = imageOf(ticket, appliance, uris, forge.downloadKeys);
    // Not part of UForge's API: how an editor finds the log without knowing which server it talks to.
    const headers = { link: `<${ticket.id}/log>; rel="log"` };
    // A spent key changes the image without changing its date, and so does a new name of the appliance.
    return dto('image', image, { headers, lastModified: 'none' });
  },

  machineImage_getAll: (call) => {
    const appliance = call.forge.appliance(call.owner, call.param('aid'));
    const all = call.forge.tickets
      .ofAppliance(appliance.id)
      .map((ticket) => imageOf(ticket, appliance, call.uris, call.forge.downloadKeys));
    return listed('images', all, call.query);
  },

  userMachineImage_getAll: (call) =>
    listed(
      'images',
      chosenTickets(call).flatMap((ticket) => present(call, ticket)),
    ),

  machineImage_delete: async (call) => {
    await call.forge.deleteTicket(find(call));
    return empty;
  },

  /** Those that are going on end first, as with machineImage_delete. */
  machineImage_deleteAll: async ({ forge, owner, param }) => {
    const appliance = forge.appliance(owner, param('aid'));
    for (const ticket of forge.tickets.ofAppliance(appliance.id)) await forge.deleteTicket(ticket);
    return empty;
  },

  machineImagePkg_getAll: (call) => {
    const imagePkgs = call.forge.tickets.packages(find(call).id).map((each): ImagePkg => ({
      // Packages the profile names are level 0, those that came as dependencies level 1: ours, the docs are
      // silent.
      level: each.profile ? 0 : 1,
      native_from_distribution: true,
      pkg: {
        ...(each.size !== undefined && { size: each.size }),
        arch: each.arch,
        name: each.name,
        ...(each.release !== undefined && { release: each.release }),
        type: 'DEB',
        version: each.version,
      },
    }));
    return listed('imagePkgs', imagePkgs);
  },
};

export function find({ forge, owner, param }: Call): TicketRecord {
  return forge.ticket(owner, param('aid'), param('itid'));
}

/** All the user's tickets, or those named by repeated `img` parameters; what isn't there is left out. */
export function chosenTickets({ forge, owner, query }: Call): readonly TicketRecord[] {
  const uris = query.getAll('img');
  if (uris.length === 0) return forge.tickets.ofOwner(owner.id);
  return uris.flatMap((uri) => {
    const ids = parseImageUri(uri);
    const ticket = ids && forge.tickets.get(Number(ids.itid));
    const isTheirs =
      ticket?.applianceId === Number(ids?.aid) &&
      forge.appliances.get(ticket.applianceId)?.ownerId === owner.id;
    return isTheirs ? [ticket] : [];
  });
}

function present({ forge, uris }: Call, ticket: TicketRecord): readonly Image[] {
  const appliance = forge.appliances.get(ticket.applianceId);
  return appliance === undefined ? [] : [imageOf(ticket, appliance, uris, forge.downloadKeys)];
}
