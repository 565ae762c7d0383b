import type { MayPackOutside } from '../appliance/archive/outsideSources.ts';
import type { Problem } from '../appliance/text/problem.ts';
import type { Template } from '../appliance/template/model/template.ts';
import type { Clients } from '../tickets/clients.ts';
import type { ApplianceName, TicketService } from '../tickets/service.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import type { Clock } from '../uforge/clock.ts';
import type { Appliance, Image } from '../uforge/dto.ts';
import type { FetchSource } from './fetchSource.ts';
import type { PushMemory } from './pushMemory.ts';

/**
 * Who is asked on the way from a file to a ticket, where somebody may have to decide: a person in the editor,
 * options elsewhere (`unattended.ts`). What is thrown here ends the way.
 */
export interface GenerateHost {
  /** A definition's text; what belongs to it is on the disk from then on. */
  read(file: string): Promise<string>;
  /** The last folder a template is looked for in: what lies above is somebody else's. */
  stopAt(file: string): string | Promise<string>;
  /** What to build of a template when no target format has been named. None: not this time. */
  imagesOf(template: Template): readonly Image[] | Promise<readonly Image[]>;
  /** The appliance of a request that names none and has no template near it. None: not this time. */
  pickAppliance(file: string): Promise<ApplianceName | undefined>;
  /** Whether files outside the template's folder may be packed; without it: no. */
  readonly mayPackOutside?: MayPackOutside | undefined;
  /** Where a template's relative sources are looked for that are not beside it; without it: nowhere. */
  workingFolder?(template: string): string;
  /** Gives the file behind an address that a template names; without it: none is fetched. */
  readonly fetchSource?: FetchSource | undefined;
  /** Whether an appliance may be replaced that was not pushed from here. */
  mayReplace(existing: Appliance): boolean | Promise<boolean>;
  /** The last question before images are asked for. */
  mayRequest?(images: readonly Image[], client: UForgeClient): Promise<boolean>;
  onStep?(step: GenerateStep): void;
}

/** How far it is. */
export type GenerateStep =
  | { readonly kind: 'packing' | 'requesting' }
  | { readonly kind: 'pushing'; readonly message: string; readonly percentage: number }
  /** The server does not know some keys of the template. */
  | {
      readonly kind: 'leftOut';
      readonly file: string;
      readonly keys: readonly string[];
      readonly problems: readonly Problem[];
    }
  /** `imported`: unless the server had this very content already. */
  | { readonly kind: 'pushed'; readonly name: string; readonly version: string; readonly imported: boolean };

/** What it takes to ask a server for an image. */
export interface ServerSide {
  readonly clients: Clients;
  readonly service: TicketService;
  readonly memory: PushMemory;
  readonly clock: Clock;
}

/** The server that is meant, as tickets carry it. */
export interface Target extends ServerSide {
  readonly server: string;
  /** URI of the file the request comes from; the ticket keeps it. */
  readonly definition?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}
