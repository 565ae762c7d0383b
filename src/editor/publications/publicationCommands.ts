import * as vscode from 'vscode';
import { platformOf } from '../../appliance/catalog/platformOf.ts';
import type { Publication, PublicationStore } from '../../tickets/publication.ts';
import type { PublicationService } from '../../tickets/publicationService.ts';
import { isFinal } from '../../tickets/state.ts';
import { applianceLabel } from '../../tickets/ticket.ts';
import { forEachTicket } from '../images/eachTicket.ts';
import { confirmed, hint } from '../messages.ts';
import { publicationsFor } from './pickPublication.ts';
import { isWebAddress, publicationLabel } from './publicationRow.ts';

/** What can be done with publications that are there, besides publishing once more. */
export interface PublicationContext {
  readonly store: PublicationStore;
  readonly service: PublicationService;
}

export async function cancelPublications(
  args: readonly unknown[],
  { store, service }: PublicationContext,
): Promise<void> {
  const publications = await publicationsFor(args, store, {
    title: vscode.l10n.t('Cancel Publication'),
    placeHolder: vscode.l10n.t('Publication to stop'),
    none: vscode.l10n.t('This needs an image that is being published.'),
    fits: ({ state }) => !isFinal(state),
  });
  await forEachTicket(publications, (each) => service.cancel(each));
}

/** Has servers forget publications, after having said what stays at the platform. */
export async function deletePublications(
  args: readonly unknown[],
  { store, service }: PublicationContext,
): Promise<void> {
  const publications = await publicationsFor(args, store, {
    title: vscode.l10n.t('Delete Publication'),
    placeHolder: vscode.l10n.t('Publication to delete'),
    none: vscode.l10n.t('There is no publication to delete.'),
    fits: () => true,
  });
  const [first, ...others] = publications;
  if (first === undefined) return;
  const question =
    others.length === 0
      ? vscode.l10n.t('Delete the publication of {0} to {1}?', applianceLabel(first), publicationLabel(first))
      : vscode.l10n.t('Delete {0} publications?', publications.length);
  const detail = others.length === 0 ? whatStays(first) : whatStaysOfAll(publications);
  if (await confirmed(question, detail, vscode.l10n.t('Delete')))
    await forEachTicket(publications, (each) => service.remove(each));
}

export async function copyCloudId(
  args: readonly unknown[],
  { store }: PublicationContext,
): Promise<string | undefined> {
  const [publication] = await publicationsFor(args, store, {
    title: vscode.l10n.t('Copy Cloud ID'),
    placeHolder: vscode.l10n.t('Publication whose cloud ID to copy'),
    none: vscode.l10n.t('This needs a publication that its platform has named.'),
    fits: ({ cloudId }) => cloudId !== undefined,
  });
  if (publication?.cloudId === undefined) return undefined;
  await vscode.env.clipboard.writeText(publication.cloudId);
  hint(vscode.l10n.t('The cloud ID is copied.'));
  return publication.cloudId;
}

/** Opens what the platform has made of the image, in a browser. */
export async function openPublication(
  args: readonly unknown[],
  { store }: PublicationContext,
): Promise<void> {
  const [publication] = await publicationsFor(args, store, {
    title: vscode.l10n.t('Open in Browser'),
    placeHolder: vscode.l10n.t('Publication to open'),
    none: vscode.l10n.t('This needs a publication with an address for a browser.'),
    fits: ({ location }) => isWebAddress(location),
  });
  if (publication?.location === undefined) return;
  // VS Code asks before it opens an address that nobody has trusted yet.
  await vscode.env.openExternal(vscode.Uri.parse(publication.location, true));
}

/** The API forgets a publication and has no word for the platform's copy: that has to be said. */
function whatStays(publication: Publication): string {
  const { state, cloudId, type } = publication;
  if (!isFinal(state)) return vscode.l10n.t('It is still going on: it is cancelled first.');
  if (state !== 'done') return vscode.l10n.t('Its entry is deleted from the server.');
  return cloudId === undefined
    ? vscode.l10n.t(
        'Its entry is deleted from the server. The image at {0} stays; delete it there, too, if nobody needs it.',
        platformOf(type),
      )
    : vscode.l10n.t(
        'Its entry is deleted from the server. The image {0} at {1} stays; delete it there, too, if nobody needs it.',
        cloudId,
        platformOf(type),
      );
}

function whatStaysOfAll(publications: readonly Publication[]): string {
  const there = publications.flatMap(({ cloudId }) => cloudId ?? []);
  const entries = vscode.l10n.t(
    'Their entries are deleted from the server; those that go on are cancelled first.',
  );
  return there.length === 0
    ? entries
    : `${entries}\n${vscode.l10n.t('At their platforms stay: {0}', there.join(', '))}`;
}
