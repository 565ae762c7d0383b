import { encodeJson } from '../../../uforge/codec/codec.ts';
import type { PublishImage } from '../../../uforge/dto.ts';
import { parseImageUri } from '../../../uforge/uris.ts';
import { idOf } from '../../process/forge.ts';
import { dto, empty, type DtoAnswer } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { publishImageOf } from '../answers/publication.ts';
import { statusOfPublication } from '../answers/status.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { CloudAccountRecord } from '../../store/cloudAccountStore.ts';
import type { PublicationRecord } from '../../store/publicationStore.ts';
import { secretsOf, withoutSecrets } from '../../store/cloudSecrets.ts';
import type { TicketRecord } from '../../store/ticketStore.ts';
import { find as findTicket } from './images.ts';
import type { Call, Routes } from './route.ts';

/** Images at target platforms. Which platforms: publishing/publisher.ts. */
export const publicationRoutes: Routes = {
  applianceImage_publish: async (call) => {
    const ticket = findTicket(call);
    return publish(call, ticket, await call.body('publishImage'));
  },

  /** Which image, is in the body's `imageUri`. */
  machineImage_publish: async (call) => {
    const appliance = call.forge.appliance(call.owner, call.param('aid'));
    const body = await call.body('publishImage');
    const itid = parseImageUri(body.imageUri ?? '')?.itid;
    const ticket = itid === undefined ? undefined : call.forge.tickets.get(Number(itid));
    if (ticket?.applianceId !== appliance.id) {
      throw new Refusal(
        'ERROR.PUBLICATION.IMAGE',
        sentence`Say in imageUri which image of “${appliance.name}” to publish.`,
      );
    }
    return publish(call, ticket, body);
  },

  machineImagePublished_get: (call) => {
    // A spent key changes it without changing its date, and so does a new name of the appliance.
    return dto('publishImage', present(call, find(call)), { lastModified: 'none' });
  },

  machineImagePublishedStatus_get: (call) => dto('status', statusOfPublication(find(call), call.uris)),

  machineImagePublish_cancel: async (call) => {
    const { id } = find(call);
    if (!(await call.forge.publications.cancel(id))) {
      throw new Refusal('ERROR.PUBLICATION.NOT_PUBLISHING', sentence`Publication ${id} is not going on.`, {
        parameters: [String(id)],
      });
    }
    return dto('status', statusOfPublication(find(call), call.uris));
  },

  /** What is registered at the platform stays there. */
  machineImagePublished_delete: async (call) => {
    await remove(call, find(call));
    return empty;
  },

  machineImagePublished_deleteAll: async (call) => {
    for (const record of ofAppliance(call)) await remove(call, record);
    return empty;
  },

  machineImagePublished_getAll: (call) => list(call, ofAppliance(call)),
  machineImagePublishedStatus_getAll: (call) => statuses(call, ofAppliance(call)),
  userMachineImagePublished_getAll: (call) => list(call, chosen(call)),
  userMachineImagePublishedStatus_getAll: (call) => statuses(call, chosen(call)),
};

export function find(call: Call): PublicationRecord {
  const { forge, owner, param } = call;
  const appliance = forge.appliance(owner, param('aid'));
  const pitid = param('pitid');
  const record = forge.publicationStore.get(idOf(pitid));
  // One operation has no image in its path.
  const isOfImage = param('itid') === '' || record?.imageId === idOf(param('itid'));
  if (record?.applianceId !== appliance.id || !isOfImage) {
    throw notFound(sentence`Publication with id ${pitid} not found.`, pitid);
  }
  return record;
}

function publish(call: Call, ticket: TicketRecord, body: PublishImage): DtoAnswer {
  const { forge, owner } = call;
  const { id, state, file } = ticket;
  if (body.$type === undefined) {
    throw new Refusal(
      'ERROR.PUBLICATION.KIND',
      sentence`Say in xsi:type which kind of publication it is, for example PublishImageOpenStack.`,
    );
  }
  if (state !== 'done' || file === undefined) {
    throw new Refusal(
      'ERROR.IMAGE.NOT_READY',
      state === 'done'
        ? sentence`Image ${id} can’t be published: this image is only a simulation (no actual image created).`
        : sentence`Image ${id} can’t be published: this image is not complete.`,
      { parameters: [String(id)] },
    );
  }
  const account = accountOf(call, body);
  const inline = account === undefined ? body.credAccount : undefined;
  const record = forge.publicationStore.create(owner.id, ticket, {
    // An account of the user's is referred to; of one that is written inline the secrets go no further.
    request: encodeJson('publishImage', {
      ...body,
      credAccount: inline && withoutSecrets(inline),
      instances: undefined,
      installProfile: undefined,
      digest: undefined,
      downloadKey: undefined,
      downloadUri: undefined,
    }),
    accountId: account?.id,
  });
  forge.publications.start(record, inline);
  return dto('publishImage', present(call, forge.publicationStore.get(record.id) ?? record));
}

/**
 * The account a publication names, by its URI, its id or its name; undefined for one without any of these, which
 * is written inline with its secrets. @throws {Refusal} 400 for one that is not there
 */
function accountOf({ forge, owner }: Call, { credAccount }: PublishImage): CloudAccountRecord | undefined {
  if (credAccount === undefined) return undefined;
  const id = /(?:^|\/)accounts\/(\d+)$/.exec(credAccount.uri ?? '')?.[1] ?? credAccount.dbId;
  const found = forge.cloudAccounts
    .ofOwner(owner.id)
    .find((each) => (id === undefined ? each.name === credAccount.name : each.id === Number(id)));
  const asked = credAccount.name ?? credAccount.uri ?? id;
  if (found === undefined && (asked !== undefined || secretsOf(credAccount) === undefined)) {
    throw new Refusal(
      'ERROR.PUBLICATION.ACCOUNT',
      asked === undefined
        ? sentence`Say in credAccount which cloud account of yours it is (name, dbId or uri), or write it there with its secrets.`
        : sentence`You have no cloud account ${asked}.`,
    );
  }
  return found;
}

async function remove({ forge }: Call, { id }: PublicationRecord): Promise<void> {
  await forge.publications.cancel(id);
  forge.publicationStore.delete(id);
  forge.publicationKeys.forget(id);
}

function ofAppliance({ forge, owner, param }: Call): readonly PublicationRecord[] {
  return forge.publicationStore.ofAppliance(forge.appliance(owner, param('aid')).id);
}

/** All the user's publications, or those whose image, or whose own URI, a repeated `img` names. */
function chosen({ forge, owner, uris, query }: Call): readonly PublicationRecord[] {
  const all = forge.publicationStore.ofOwner(owner.id);
  const wanted = query.getAll('img');
  if (wanted.length === 0) return all;
  return all.filter((record) => {
    const own = [uris.image(record.applianceId, record.imageId), uris.publication(record)];
    return wanted.some((uri) => own.some((each) => uri === each || uri.endsWith(`/${each}`)));
  });
}

function present(call: Call, record: PublicationRecord): PublishImage {
  const { forge, owner, uris } = call;
  const appliance = forge.appliance(owner, String(record.applianceId));
  const account = record.accountId === undefined ? undefined : forge.cloudAccounts.get(record.accountId);
  return publishImageOf(record, appliance, account, uris, forge.publicationKeys);
}

function list(call: Call, records: readonly PublicationRecord[]): DtoAnswer {
  return listed(
    'publishImages',
    records.map((record) => present(call, record)),
  );
}

function statuses({ uris }: Call, records: readonly PublicationRecord[]): DtoAnswer {
  return listed(
    'statuses',
    records.map((record) => statusOfPublication(record, uris)),
  );
}
