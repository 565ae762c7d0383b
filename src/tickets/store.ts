import type { Ticket } from './ticket.ts';
import { isTracked, TrackedStore, type Change, type Persistence } from './trackedStore.ts';

export type TicketPersistence = Persistence<Ticket>;
export type TicketChange = Change<Ticket>;

/** All tickets this user knows of. */
export class TicketStore extends TrackedStore<Ticket> {
  constructor(persistence: TicketPersistence, onSaveFailed: (error: unknown) => void) {
    super(isTicket, persistence, onSaveFailed);
  }
}

const texts = [
  'aid',
  'itid',
  'applianceUri',
  'applianceName',
  'applianceVersion',
  'targetFormat',
] as const satisfies readonly (keyof Ticket)[];

function isTicket(value: unknown): value is Ticket & Record<string, unknown> {
  return (
    isTracked(value, texts) &&
    typeof value['downloadable'] === 'boolean' &&
    typeof value['simulated'] === 'boolean'
  );
}
