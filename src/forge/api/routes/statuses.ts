import { dto, type DtoAnswer } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { statusOfTicket } from '../answers/status.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';
import type { TicketRecord } from '../../store/ticketStore.ts';
import { chosenTickets, find } from './images.ts';
import type { Call, Routes } from './route.ts';

export const statusRoutes: Routes = {
  machineImageStatus_get: (call) => dto('status', statusOfTicket(find(call), call.uris)),

  machineImageStatus_getAll: (call) =>
    statuses(call, call.forge.tickets.ofAppliance(call.forge.appliance(call.owner, call.param('aid')).id)),

  userMachineImageStatus_get: (call) => statuses(call, chosenTickets(call)),

  machineImageGeneration_cancel: async (call) => {
    const ticket = find(call);
    if (!(await call.forge.generations.cancel(ticket.id))) {
      throw new Refusal('ERROR.IMAGE.NOT_GENERATING', sentence`Image ${ticket.id} is not being generated.`, {
        parameters: [String(ticket.id)],
      });
    }
    return dto('status', statusOfTicket(find(call), call.uris));
  },
};

function statuses({ uris }: Call, tickets: readonly TicketRecord[]): DtoAnswer {
  return listed(
    'statuses',
    tickets.map((ticket) => statusOfTicket(ticket, uris)),
  );
}
