import type { Clock } from '../uforge/clock.ts';
import type { PublishImage } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import type { Clients } from './clients.ts';
import { publicationFrom, publications } from './fetchPublication.ts';
import { withStatus } from './fromServer.ts';
import { publicationIds, type Publication, type PublicationStore } from './publication.ts';
import { isFinal } from './state.ts';
import { imageIds, type Ticket } from './ticket.ts';
import { ifOffered, isGoneOrEnded, unlessGone, whilePending } from './whilePending.ts';
import { withoutKnownEnds } from './withoutKnownEnds.ts';

export interface PublicationServiceOptions {
  readonly store: PublicationStore;
  readonly clients: Clients;
  readonly clock: Clock;
}

/** What a person does with publications. What comes of it is in the store when the promise resolves. */
export class PublicationService {
  readonly #store: PublicationStore;
  readonly #clients: Clients;
  readonly #now: () => number;

  constructor({ store, clients, clock }: PublicationServiceOptions) {
    this.#store = store;
    this.#clients = clients;
    this.#now = () => clock.now();
  }

  /**
   * Asks for a finished image to be registered at a platform (`applianceImage_publish`). When the signal is
   * aborted while the server answers, what it may have begun is cancelled before the promise rejects.
   * @throws {UForgeError}
   */
  async publish(ticket: Ticket, request: PublishImage, signal?: AbortSignal): Promise<Publication> {
    const { server } = ticket;
    const client = await this.#clients(server, signal);
    signal?.throwIfAborted();
    // Without the signal: a request that was sent may have begun something, and that has to be known to be
    // cancelled.
    const answer = await client.applianceImage_publish(imageIds(ticket), {
      ...request,
      imageUri: ticket.uri,
      parentUri: ticket.applianceUri,
    });
    const made = publicationFrom(
      {
        ...answer,
        $type: answer.$type ?? request.$type,
        name: answer.name ?? ticket.applianceName,
        version: answer.version ?? ticket.applianceVersion,
        imageUri: answer.imageUri ?? ticket.uri,
        targetFormat: answer.targetFormat ?? { name: ticket.targetFormat },
        credAccount: answer.credAccount?.name === undefined ? request.credAccount : answer.credAccount,
      },
      { server, uid: client.uid, now: this.#now() },
    );
    if (made === undefined) {
      throw new UForgeError(
        'protocol',
        'The server took the request but did not say where the publication is.',
      );
    }
    this.#store.put(made);
    if (signal?.aborted === true) await this.cancel(made);
    signal?.throwIfAborted();
    return made;
  }

  /** What was asked for with a publication, to ask for it once more or to show it. */
  async requestOf(publication: Publication, signal?: AbortSignal): Promise<PublishImage> {
    const client = await this.#clients(publication.server, signal);
    const published = await client.machineImagePublished_get(publicationIds(publication), { signal });
    return { ...published, ...servers };
  }

  /** Calls a publication off (`machineImagePublish_cancel`). One that has ended stays as it ended. */
  async cancel(publication: Publication, signal?: AbortSignal): Promise<Publication | undefined> {
    return await whilePending(this.#store, publication, 'cancel', async () => {
      const client = await this.#clients(publication.server, signal);
      let ended: Publication | undefined;
      try {
        const status = await client.machineImagePublish_cancel(publicationIds(publication), { signal });
        ended = withStatus(publication, status, this.#now());
      } catch (error) {
        if (!isGoneOrEnded(error)) throw error;
      }
      // Not every server says with the answer that it has stopped, and one that had ended has more to tell.
      if (ended?.state !== 'cancelled') {
        ended = await publications.fetch(client, publication, this.#now, signal);
      }
      if (ended === undefined) this.#store.remove(publication);
      else this.#store.put(ended);
      return ended;
    });
  }

  /**
   * Has the server forget a publication (`machineImagePublished_delete`); one that goes on is cancelled first.
   * What is at the platform stays there: the API has no word for that.
   */
  async remove(publication: Publication, signal?: AbortSignal): Promise<void> {
    if (!isFinal((this.#store.get(publication) ?? publication).state)) await this.cancel(publication, signal);
    await whilePending(this.#store, publication, 'delete', async () => {
      const client = await this.#clients(publication.server, signal);
      await unlessGone(client.machineImagePublished_delete(publicationIds(publication), { signal }));
      this.#store.remove(publication);
    });
  }

  /** Brings the store in line with a server (`userMachineImagePublished_getAll`). */
  async refresh(server: string, signal?: AbortSignal): Promise<void> {
    const client = await this.#clients(server, signal);
    const known = this.#store.all().filter((each) => each.server === server);
    const answer = await ifOffered(client.userMachineImagePublished_getAll({}, { signal }));
    if (answer === undefined) return;
    const context = { server, uid: client.uid, now: this.#now() };
    const found = answer.publishImages.flatMap((each) => publicationFrom(each, context) ?? []);
    signal?.throwIfAborted();
    this.#store.apply(withoutKnownEnds(this.#store, known, found));
  }
}

/** What a `publishImage` says of itself and nobody asks for. */
const servers = {
  cloudId: undefined,
  created: undefined,
  dbId: undefined,
  digest: undefined,
  downloadKey: undefined,
  downloadUri: undefined,
  imageUri: undefined,
  instances: undefined,
  instancesUri: undefined,
  lastModified: undefined,
  name: undefined,
  parentUri: undefined,
  publishLocation: undefined,
  revision: undefined,
  status: undefined,
  statusUri: undefined,
  uri: undefined,
  version: undefined,
} as const;
