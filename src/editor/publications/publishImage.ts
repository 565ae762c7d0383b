import * as vscode from 'vscode';
import { platformOf } from '../../appliance/catalog/platformOf.ts';
import {
  kindOfType,
  kindsFor,
  publicationFields,
  textsOf,
  type PublishKind,
} from '../../appliance/catalog/publishKinds.ts';
import { parseRepresentation } from '../../appliance/request/representation.ts';
import type { Builder } from '../../appliance/template/model/template.ts';
import { accountId, cloudAccountsOn, type CloudAccount } from '../../generate/cloudAccount.ts';
import { offersFor } from '../../generate/platformOffers.ts';
import {
  builderIn,
  isBuiltForDownload,
  missingValues,
  publishRequest,
  usualValues,
  valuesOfBuilder,
  type PublishValues,
} from '../../generate/publishRequest.ts';
import type { Publication } from '../../tickets/publication.ts';
import type { PublicationService } from '../../tickets/publicationService.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { applianceLabel, imageIds, type Ticket } from '../../tickets/ticket.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Dto, Image, PublishImage } from '../../uforge/dto.ts';
import { parseImageUri } from '../../uforge/uris.ts';
import { addAccount } from '../cloudAccounts/accountForm.ts';
import { assertSendable, nameOf, openSaved, readShown } from '../definitions/read.ts';
import { ActionableError } from '../errors.ts';
import { isPublishable } from '../images/appearance.ts';
import { ticketFor } from '../images/pickTicket.ts';
import { pickOne } from '../inputs.ts';
import { askModal } from '../messages.ts';
import { withProgress } from '../progress.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';
import type { Servers } from '../server/servers.ts';
import { fieldLabel } from './fieldLabels.ts';
import { fillIn, type SheetField } from './sheet.ts';

export interface PublishContext {
  readonly store: TicketStore;
  readonly publishing: PublicationService;
  readonly servers: Servers;
  /** What was said of the last publication of a kind on a server. */
  readonly last: RememberedTexts;
  /** Generates a ticket's definition again, for publishing. */
  readonly generateForPublishing: (ticket: Ticket) => Promise<unknown>;
  readonly reveal: (publication: Publication) => Promise<void>;
}

/** What is known before anybody is asked: from a file with a request, or from a builder. */
interface Known {
  readonly kind?: PublishKind | undefined;
  readonly account?: string | undefined;
  readonly values: PublishValues;
}

/**
 * Publishes a finished image: the row's, the notification's or the one the person picks; or what a file with a
 * `publishImage` asks for. Nothing when the person leaves it.
 */
export async function publishImage(
  argument: unknown,
  context: PublishContext,
): Promise<Publication | undefined> {
  const fromFile = argument instanceof vscode.Uri ? await readRequest(argument) : undefined;
  const named = fromFile === undefined ? argument : imageNamed(fromFile, context);
  const type = fromFile?.$type;
  const ticket = await ticketFor(named, context.store, {
    title: vscode.l10n.t('Publish Image'),
    placeHolder: vscode.l10n.t('Image to publish'),
    none: vscode.l10n.t('This needs a finished image of a format that a platform takes.'),
    fits: (each) =>
      isPublishable(each) &&
      (type === undefined || kindsFor(each.targetFormat).some(({ publishType }) => publishType === type)),
  });
  if (ticket === undefined) return undefined;
  const kind = type === undefined ? undefined : kindOfType(type);
  if (fromFile === undefined || kind === undefined) return await publishTicket(ticket, context);
  const values = textsOf(fromFile, publicationFields(kind));
  return await publishTicket(ticket, context, { kind, account: fromFile.credAccount?.name, values });
}

/**
 * Publishes an image as its template's builder says, without asking anything. Nothing when the builder, or the
 * server's accounts, do not say it all.
 */
export async function publishAsBuilt(
  ticket: Ticket,
  { servers, publishing, reveal }: PublishContext,
): Promise<Publication | undefined> {
  const builder = await builderOf(ticket);
  const [kind] = kindsFor(ticket.targetFormat);
  if (builder?.account?.name === undefined || kind === undefined) return undefined;
  const accounts = await cloudAccountsOn(await servers.client(ticket.server));
  const account = accounts.find(
    ({ $type, name }) => $type === kind.accountType && name === builder.account?.name,
  );
  const values = { ...usualValues(kind, ticket), ...valuesOfBuilder(kind, builder) };
  if (account === undefined || missingValues(kind, values).length > 0) return undefined;
  const made = await publishing.publish(ticket, publishRequest(kind, account, values));
  // A view that can't be shown must not spoil the rest.
  await reveal(made).catch(() => undefined);
  return made;
}

/** @param known what a file says; else the template’s builder and the last publication are asked */
async function publishTicket(
  ticket: Ticket,
  context: PublishContext,
  known?: Known,
): Promise<Publication | undefined> {
  const { servers } = context;
  const title = vscode.l10n.t('Publish {0} · {1}', applianceLabel(ticket), ticket.targetFormat);
  const client = await servers.client(ticket.server);
  const [image, accounts] = await Promise.all([
    client.machineImage_get(imageIds(ticket)),
    cloudAccountsOn(client),
  ]);
  if (!(await isFit(ticket, image, context))) return undefined;
  const kind = known?.kind ?? (await pickKind(ticket, image, title));
  if (kind === undefined) return undefined;
  const builder = known === undefined ? await builderOf(ticket) : undefined;
  const last = lastOf(ticket, kind, context);
  const start: Known = known ?? {
    account: builder?.account?.name ?? last.account,
    values: {
      ...usualValues(kind, ticket),
      ...last.values,
      ...(builder === undefined ? {} : valuesOfBuilder(kind, builder)),
    },
  };
  const account = await accountFor(
    kind,
    accounts,
    start.account,
    client,
    servers.label(ticket.server),
    title,
  );
  if (account === undefined) return undefined;
  const values = await askValues(kind, accounts, account, start.values, client, title);
  if (values === undefined) return undefined;
  const chosen = accounts.find(({ name }) => name === values['account']) ?? account;
  const outcome = await withProgress(title, (_report, signal) =>
    context.publishing.publish(ticket, publishRequest(kind, chosen, values), signal),
  );
  if (outcome.kind === 'cancelled') return undefined;
  await remember(ticket, kind, { account: chosen.name, values }, context);
  // A view that can't be shown must not spoil the rest.
  await context.reveal(outcome.value).catch(() => undefined);
  return outcome.value;
}

/** Whether the image was built for its platform; says so before anything is asked, and offers to build it anew. */
async function isFit(ticket: Ticket, image: Image, context: PublishContext): Promise<boolean> {
  if (!isBuiltForDownload(ticket.targetFormat, image)) return true;
  const generate = vscode.l10n.t('Generate for Publishing');
  const anyway = vscode.l10n.t('Publish Anyway');
  const answer = await askModal(
    vscode.l10n.t('This image of {0} was built for download.', applianceLabel(ticket)),
    vscode.l10n.t(
      'It is compressed, and platforms of {0} take it as it is, not compressed.',
      ticket.targetFormat,
    ),
    ...(ticket.definition === undefined ? [] : [generate]),
    anyway,
  );
  if (answer === generate) await context.generateForPublishing(ticket);
  return answer === anyway;
}

async function pickKind(ticket: Ticket, image: Image, title: string): Promise<PublishKind | undefined> {
  const kinds = kindsFor(ticket.targetFormat, image.targetFormat?.format?.name ?? image.format?.name);
  if (kinds.length <= 1) return kinds[0];
  const rows = kinds.map((chosen) => ({ chosen, label: platformOf(chosen.publishType) }));
  return (await pickOne(rows, { title, placeHolder: vscode.l10n.t('Platform to publish to') }))?.chosen;
}

/** The account that is named or the only one, else the one picked; with none there, a new one. */
async function accountFor(
  kind: PublishKind,
  accounts: readonly CloudAccount[],
  named: string | undefined,
  client: UForgeClient,
  server: string,
  title: string,
): Promise<CloudAccount | undefined> {
  const fitting = accounts.filter(({ $type }) => $type === kind.accountType);
  const meant = fitting.find(({ name }) => name === named) ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (meant !== undefined) return meant;
  if (fitting.length === 0) return await addAccount(client, server, [kind]);
  const rows = fitting.map((account) => ({ account, label: account.name ?? '' }));
  const add = { account: undefined, label: vscode.l10n.t('Add Cloud Account…') };
  const picked = await pickOne([...rows, add], {
    title,
    placeHolder: vscode.l10n.t('Cloud account to publish with'),
    ignoreFocusOut: true,
  });
  if (picked === undefined) return undefined;
  return picked.account ?? (await addAccount(client, server, [kind]));
}

/** Asks for the fields of a publication; the account is one of them, by its name. */
async function askValues(
  kind: PublishKind,
  accounts: readonly CloudAccount[],
  account: CloudAccount,
  known: PublishValues,
  client: UForgeClient,
  title: string,
): Promise<PublishValues | undefined> {
  // What a platform offers is a help: one that does not answer is typed.
  const offered = await withProgress(title, (report, signal) => {
    report({ message: vscode.l10n.t('asking {0} what it offers', platformOf(kind.publishType)) });
    return client
      .cloudAccountResources_get(accountId(account), { signal })
      .catch((): Dto<'CredAccountResources'> => ({}));
  });
  if (offered.kind === 'cancelled') return undefined;
  const names = accounts.flatMap(({ $type, name }) => ($type === kind.accountType && name ? [name] : []));
  const fields: readonly SheetField[] = [
    {
      name: 'account',
      label: vscode.l10n.t('Cloud account'),
      required: true,
      closed: true,
      choices: names.map((name) => ({ value: name, label: name })),
    },
    ...publicationFields(kind).map((field) => ({
      ...field,
      label: fieldLabel(field.name),
      choices: offersFor(offered.value, field.name),
    })),
  ];
  return await fillIn(
    fields,
    { ...known, account: account.name ?? '' },
    {
      title,
      placeHolder: vscode.l10n.t('Publication to {0}: choose what to change', platformOf(kind.publishType)),
      done: vscode.l10n.t('Publish'),
      doneIcon: 'cloud-upload',
    },
  );
}

/** The builder a ticket was made of, as its file is now. */
async function builderOf({ definition, targetFormat }: Ticket): Promise<Builder | undefined> {
  if (definition === undefined) return undefined;
  const file = vscode.Uri.parse(definition, true).fsPath;
  const text = await readShown(file).catch(() => undefined);
  return text === undefined ? undefined : builderIn(file, text, targetFormat);
}

async function readRequest(uri: vscode.Uri): Promise<PublishImage> {
  const { root, dto, problems } = parseRepresentation((await openSaved(uri)).getText());
  assertSendable(uri, problems);
  if (root === 'publishImage' && dto !== undefined) return dto;
  throw new ActionableError(vscode.l10n.t('{0} holds no “publishImage”.', nameOf(uri)));
}

/** The image a request names, where it is known here. */
function imageNamed({ imageUri }: PublishImage, { store, servers }: PublishContext): unknown {
  const ids = parseImageUri(imageUri ?? '');
  if (ids === undefined) return undefined;
  return store
    .all()
    .find(
      ({ server, aid, itid }) =>
        server === servers.current && aid === String(ids.aid) && itid === String(ids.itid),
    );
}

function lastOf({ server }: Ticket, { publishType }: PublishKind, { last }: PublishContext): Known {
  try {
    return JSON.parse(last.get(`${server} ${publishType}`) ?? '') as Known;
  } catch {
    return { values: {} };
  }
}

/** What tells one image from another is not for the next. */
const ownNames = [
  'displayName',
  'repositoryName',
  'tagName',
  'blob',
  'diskNamePrefix',
  'description',
  'account',
];

async function remember(
  { server }: Ticket,
  { publishType }: PublishKind,
  { account, values }: Known,
  { last }: PublishContext,
): Promise<void> {
  const kept = Object.fromEntries(Object.entries(values).filter(([name]) => !ownNames.includes(name)));
  await last.set(`${server} ${publishType}`, JSON.stringify({ account, values: kept }));
}
