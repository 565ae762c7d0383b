import {
  kindOfType,
  kindsFor,
  publicationFields,
  textsOf,
  type PublishKind,
} from '../appliance/catalog/publishKinds.ts';
import { imageIds, type Ticket } from '../tickets/ticket.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import type { PublishImage } from '../uforge/dto.ts';
import type { Builder } from '../appliance/template/model/template.ts';
import { cloudAccountsOn, type CloudAccount } from './cloudAccount.ts';
import { InputError } from './inputError.ts';
import {
  isBuiltForDownload,
  missingValues,
  publishRequest,
  usualValues,
  valuesOfBuilder,
  type PublishValues,
} from './publishRequest.ts';

/** What is known of a publication where nobody can be asked. */
export interface PublishWish {
  /** Name of a cloud account; else the builder's, the request's or the only one. */
  readonly account?: string | undefined;
  /** Go before all else. */
  readonly values?: PublishValues;
  readonly builder?: Builder | undefined;
  readonly request?: PublishImage | undefined;
}

/**
 * The request that publishes an image as it was wished.
 * @throws {InputError} that says what is missing or does not fit, and what there is
 */
export async function publishWished(
  client: UForgeClient,
  ticket: Ticket,
  { account: named, values: wished = {}, builder, request }: PublishWish,
  signal?: AbortSignal,
): Promise<PublishImage> {
  if (ticket.state !== 'done' || ticket.simulated) {
    const is = ticket.simulated ? 'only a simulation' : ticket.state;
    throw new InputError(`The image ${ticket.uri} is ${is}: only finished images can be published.`);
  }
  const image = await client.machineImage_get(imageIds(ticket), { signal });
  if (isBuiltForDownload(ticket.targetFormat, image)) {
    throw new InputError(
      `The image ${ticket.uri} was built for download. Generate it without compress: platforms take no archive.`,
    );
  }
  const kinds =
    request?.$type === undefined
      ? kindsFor(ticket.targetFormat, image.targetFormat?.format?.name ?? image.format?.name)
      : [kindOfType(request.$type)].filter((kind) => kind !== undefined);
  if (kinds.length === 0) {
    throw new InputError(
      `Images for ${ticket.targetFormat} are not published: there is no platform for them.`,
    );
  }
  const account = accountFor(
    kinds,
    await cloudAccountsOn(client, signal),
    named ?? request?.credAccount?.name ?? builder?.account?.name,
  );
  const kind = kinds.find(({ accountType }) => accountType === account.$type);
  if (kind === undefined) throw new InputError(`No account fits ${ticket.targetFormat}.`);
  assertKnown(kind, wished);
  const values = {
    ...usualValues(kind, ticket),
    ...(builder === undefined ? {} : valuesOfBuilder(kind, builder)),
    ...(request === undefined ? {} : textsOf(request, publicationFields(kind))),
    ...wished,
  };
  const missing = missingValues(kind, values).map(({ name }) => `“${name}”`);
  if (missing.length > 0) {
    throw new InputError(`A publication to ${kind.platform} needs ${missing.join(', ')}.`);
  }
  return publishRequest(kind, account, values);
}

function accountFor(
  kinds: readonly PublishKind[],
  accounts: readonly CloudAccount[],
  named: string | undefined,
): CloudAccount {
  const fitting = accounts.filter(({ $type }) => kinds.some(({ accountType }) => accountType === $type));
  const names = fitting.flatMap(({ name = '' }) => name || []).join(', ');
  const [only, another] = named === undefined ? fitting : fitting.filter(({ name }) => name === named);
  if (only !== undefined && another === undefined) return only;
  const platforms = kinds.map(({ platform }) => platform).join(', ');
  const there = names === '' ? 'there is none' : `there are: ${names}`;
  throw new InputError(
    named === undefined
      ? `Which cloud account for ${platforms}? On the server ${there}.`
      : `There is no cloud account “${named}” for ${platforms}; ${there}.`,
  );
}

function assertKnown(kind: PublishKind, values: PublishValues): void {
  const known = publicationFields(kind).map(({ name }) => name);
  const strange = Object.keys(values).find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new InputError(
      `A publication to ${kind.platform} has no “${strange}”. It has: ${known.join(', ')}.`,
    );
  }
}
