import * as vscode from 'vscode';
import { isFinal } from '../../../tickets/state.ts';
import { applianceLabel } from '../../../tickets/ticket.ts';
import { visibleLine } from '../../../uforge/visibleText.ts';
import { accessibleLabelOf, contextValueOf, descriptionOf, iconOf, stateLabel } from '../appearance.ts';
import { ticketsIn, type GroupNode, type TicketNode } from './nodes.ts';

export interface GroupLook {
  readonly serverLabel: (server: string) => string;
  readonly open: boolean;
  /** Appliances of one name may be on several servers: then their rows say which. */
  readonly severalServers: boolean;
}

/** The row of a group: an appliance, a server or a state. */
export function groupItem(
  node: GroupNode,
  { serverLabel, open, severalServers }: GroupLook,
): vscode.TreeItem {
  const tickets = ticketsIn(node);
  const [newest] = tickets;
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem('', open ? Expanded : Collapsed);
  item.id = node.id;
  item.contextValue = node.kind;
  if (newest === undefined) return item;
  const label =
    node.kind === 'appliance'
      ? applianceLabel(newest)
      : node.kind === 'server'
        ? serverLabel(newest.server)
        : stateLabel(newest.state);
  const running = tickets.filter((ticket) => !isFinal(ticket.state)).length;
  const counted = running > 0 ? [vscode.l10n.t('{0} running', running)] : [];
  const where = severalServers && node.kind === 'appliance' ? [serverLabel(newest.server)] : [];
  const description = node.kind === 'state' ? String(tickets.length) : [...counted, ...where].join(' · ');
  item.label = visibleLine(label);
  item.description = visibleLine(description);
  item.iconPath =
    node.kind === 'state'
      ? iconOf(newest.state)
      : new vscode.ThemeIcon(node.kind === 'server' ? 'server' : 'package');
  item.tooltip =
    node.kind === 'state'
      ? label
      : visibleLine(node.kind === 'appliance' ? newest.applianceUri : newest.server);
  // Without it a screen reader would read the tooltip, a URI, as the row's name.
  item.accessibilityInformation = { label: description === '' ? label : `${label}, ${description}` };
  return item;
}

export interface TicketLook {
  /** Its appliance has changed since. */
  readonly stale: boolean;
  /** How its tests went. */
  readonly tested: string | undefined;
  /** It has been published, or is being: what as is under it. */
  readonly published: boolean;
  /** ms since 1970. */
  readonly now: number;
}

/** The row of a ticket. Earlier attempts stay closed under it; what it was published as does not. */
export function ticketItem(
  { id, ticket, attempts }: TicketNode,
  shown: 'format' | 'appliance',
  { stale, tested, published, now }: TicketLook,
): vscode.TreeItem {
  const appliance = applianceLabel(ticket);
  const label = shown === 'format' ? ticket.targetFormat : `${appliance} · ${ticket.targetFormat}`;
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  const open = published ? Expanded : attempts.length > 0 ? Collapsed : None;
  const item = new vscode.TreeItem(visibleLine(label), open);
  // First, because a narrow side bar cuts the end off.
  const outOfDate = stale ? `${vscode.l10n.t('out of date')} · ` : '';
  const description = [`${outOfDate}${descriptionOf(ticket, now)}`, tested].filter(Boolean).join(' · ');
  item.id = id;
  item.iconPath = iconOf(ticket.state);
  item.description = visibleLine(description);
  item.contextValue = contextValueOf(ticket);
  item.accessibilityInformation = { label: accessibleLabelOf(ticket, appliance, description) };
  return item;
}
