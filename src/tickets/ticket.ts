import { parseLong } from '../uforge/uris.ts';
import { keyOf, type Tracked, type TrackedId } from './tracked.ts';

/** An image being built or built, with its status. Sizes are bytes. */
export interface Ticket extends Tracked {
  /** Ids of the appliance and of the image: texts, for they may exceed 2^53. */
  readonly aid: string;
  readonly itid: string;

  readonly applianceUri: string;
  readonly applianceName: string;
  readonly applianceVersion: string;
  /** The appliance's revision the image was made from. */
  readonly revision?: number;
  /** Name of the target format: `VirtualBox`. */
  readonly targetFormat: string;

  readonly fileName?: string;
  readonly fileSize?: number;
  /** Done, no simulation, and compressed or offered all the same: there is a file to download. */
  readonly downloadable: boolean;
  /** Only the dependencies were checked; there is no image. */
  readonly simulated: boolean;
  readonly pending?: 'cancel' | 'delete' | 'regenerate';
  /** URI of the file it was generated from, on the computer that asked for it. */
  readonly definition?: string;
}

/** What tells a ticket among those of all servers. */
export type TicketId = TrackedId;

export const ticketKey: (id: TicketId) => string = keyOf;

/** `name version`, as the appliance is called in every message. */
export function applianceLabel({
  applianceName,
  applianceVersion,
}: Pick<Ticket, 'applianceName' | 'applianceVersion'>): string {
  return `${applianceName} ${applianceVersion}`.trim();
}

/** What the operations of an image take. */
export function imageIds({ aid, itid }: Pick<Ticket, 'aid' | 'itid'>) {
  return { aid: parseLong(aid), itid: parseLong(itid) };
}
