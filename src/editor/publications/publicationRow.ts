import * as vscode from 'vscode';
import { platformOf } from '../../appliance/catalog/platformOf.ts';
import { isFinal } from '../../tickets/state.ts';
import type { Publication } from '../../tickets/publication.ts';
import { applianceLabel } from '../../tickets/ticket.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import { colouredIcon, iconOf, progressOf, stateLabel, timeOf } from '../images/appearance.ts';
import { elapsedOf, formatDuration } from '../images/durations.ts';
import type { LooseNode, PublicationNode } from '../images/list/nodes.ts';
import { tableTooltip } from '../images/list/tooltip.ts';

/** `OpenStack · account`, what tells a publication from its neighbours. */
export function publicationLabel({ type, account }: Publication): string {
  return account === '' ? platformOf(type) : `${platformOf(type)} · ${account}`;
}

/** How it stands: `62 % · Uploading`, and what the platform calls it once it is there. */
export function publicationDescription(publication: Publication, now: number): string {
  if (publication.pending === 'cancel') return vscode.l10n.t('Cancelling…');
  if (publication.pending === 'delete') return vscode.l10n.t('Deleting…');
  return progressOf(publication, publication.cloudId ?? vscode.l10n.t('Published'), now);
}

/** The row of a publication; its machines are under it. */
export function publicationItem(
  { id, publication, deployments }: PublicationNode,
  now: number,
): vscode.TreeItem {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const label = publicationLabel(publication);
  const description = publicationDescription(publication, now);
  const item = new vscode.TreeItem(visibleLine(label), deployments.length > 0 ? Expanded : None);
  item.id = id;
  item.description = visibleLine(description);
  const { state } = publication;
  item.iconPath = state === 'done' ? colouredIcon('cloud', 'testing.iconPassed') : iconOf(state);
  item.contextValue = [
    'publication',
    state,
    ...(publication.cloudId === undefined ? [] : ['cloudId']),
    ...(isDeployable(publication) ? ['deployable'] : []),
    ...(isWebAddress(publication.location) ? ['location'] : []),
    ...(publication.pending === undefined ? [] : ['pending']),
  ].join('.');
  item.accessibilityInformation = {
    label: vscode.l10n.t('Publication to {0}, {1}, {2}', label, stateLabel(state), description),
  };
  return item;
}

export function publicationTooltip(
  publication: Publication,
  server: string,
  now: number,
): vscode.MarkdownString {
  const { state, message, percentage, targetFormat, cloudId, location, created } = publication;
  const running = !isFinal(state);
  return tableTooltip(`${applianceLabel(publication)} · ${publicationLabel(publication)}`, publication, [
    [vscode.l10n.t('State'), stateLabel(state)],
    [vscode.l10n.t('Stage'), message],
    [vscode.l10n.t('Progress'), running ? `${percentage} %` : undefined],
    [running ? vscode.l10n.t('Elapsed') : vscode.l10n.t('Took'), formatDuration(elapsedOf(publication, now))],
    [vscode.l10n.t('Started'), timeOf(created)],
    [vscode.l10n.t('Target format'), targetFormat],
    [vscode.l10n.t('Cloud ID'), cloudId],
    [vscode.l10n.t('Location'), location],
    [vscode.l10n.t('Server'), server],
  ]);
}

/** The row over what has outlived its image. */
export function looseItem({ id }: LooseNode): vscode.TreeItem {
  const { Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(vscode.l10n.t('Published, image deleted'), Expanded);
  item.id = id;
  item.contextValue = id;
  item.iconPath = new vscode.ThemeIcon('cloud');
  item.tooltip = vscode.l10n.t('Publications and deployments whose image is no longer on the server.');
  return item;
}

/** Whether a browser can go there. */
export function isWebAddress(location: string | undefined): location is string {
  return location !== undefined && /^https?:\/\//i.test(location) && URL.canParse(location);
}

/** Deploying is for platforms that make machines: a container registry makes none. */
export function isDeployable({ state, type }: Publication): boolean {
  return state === 'done' && !['Docker', 'OpenShift'].includes(platformOf(type));
}
