import { parseLong } from '../uforge/uris.ts';
import { imageIds, type Ticket } from './ticket.ts';
import type { Tracked } from './tracked.ts';
import { isTracked, TrackedStore, type Persistence } from './trackedStore.ts';

/** An image being registered, or registered, at a target platform. It outlives its image. */
export interface Publication extends Tracked {
  /** Ids of the appliance, the image and the publication: texts, for they may exceed 2^53. */
  readonly aid: string;
  readonly itid: string;
  readonly pitid: string;

  readonly applianceUri: string;
  readonly applianceName: string;
  readonly applianceVersion: string;
  readonly targetFormat: string;
  /** The `xsi:type` of the request: `PublishImageOpenStack`. */
  readonly type: string;
  /** Name of the cloud account; empty where the server does not say. */
  readonly account: string;
  /** What the platform calls the image: `ami-0abc`. */
  readonly cloudId?: string;
  /** Where it is there, for a browser or for a person. */
  readonly location?: string;
  readonly pending?: 'cancel' | 'delete';
}

/** All publications this user knows of. */
export class PublicationStore extends TrackedStore<Publication> {
  constructor(persistence: Persistence<Publication>, onSaveFailed: (error: unknown) => void) {
    super(isPublication, persistence, onSaveFailed);
  }
}

/** The ones of an image, newest first. */
export function publicationsOf(
  { server, aid, itid }: Ticket,
  publications: readonly Publication[],
): readonly Publication[] {
  return publications
    .filter((each) => each.server === server && each.aid === aid && each.itid === itid)
    .toSorted((a, b) => b.created.localeCompare(a.created));
}

/** What the operations of a publication take. */
export function publicationIds(publication: Publication) {
  return { ...imageIds(publication), pitid: parseLong(publication.pitid) };
}

const texts = [
  'aid',
  'itid',
  'pitid',
  'applianceUri',
  'applianceName',
  'applianceVersion',
  'targetFormat',
  'type',
  'account',
] as const satisfies readonly (keyof Publication)[];

function isPublication(value: unknown): value is Publication & Record<string, unknown> {
  return isTracked(value, texts);
}
