import * as vscode from 'vscode';
import type { Deployment } from '../../tickets/deployment.ts';
import type { TicketState } from '../../tickets/state.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import { colouredIcon, iconOf, progressOf, timeOf } from '../images/appearance.ts';
import type { DeploymentNode } from '../images/list/nodes.ts';
import { tableTooltip } from '../images/list/tooltip.ts';

/** The state as a person says it of a machine. */
function deploymentState(state: TicketState): string {
  switch (state) {
    case 'done':
      return vscode.l10n.t('Running');
    case 'failed':
      return vscode.l10n.t('Failed');
    default:
      return vscode.l10n.t('Starting');
  }
}

/** How it stands, and where it answers. */
export function deploymentDescription(deployment: Deployment, now: number): string {
  const { state, address, pending, message } = deployment;
  if (pending === 'terminate') return vscode.l10n.t('Terminating…');
  if (state === 'failed') return progressOf(deployment, '', now);
  const said = state === 'done' || message === '' ? deploymentState(state) : message;
  return address === undefined ? said : `${said} · ${address}`;
}

/** The row of a machine that was made of a publication. */
export function deploymentItem({ id, deployment }: DeploymentNode, now: number): vscode.TreeItem {
  const { name, state, address, pending } = deployment;
  const description = deploymentDescription(deployment, now);
  const item = new vscode.TreeItem(visibleLine(name));
  item.id = id;
  item.description = visibleLine(description);
  item.iconPath = state === 'done' ? colouredIcon('vm-running', 'testing.iconPassed') : iconOf(state);
  item.contextValue = [
    'deployment',
    state,
    ...(address === undefined ? [] : ['address']),
    ...(pending === undefined ? [] : ['pending']),
  ].join('.');
  item.accessibilityInformation = { label: vscode.l10n.t('Deployment {0}, {1}', name, description) };
  return item;
}

export function deploymentTooltip(deployment: Deployment, server: string): vscode.MarkdownString {
  const { name, state, message, created, address, login, instanceId } = deployment;
  return tableTooltip(name, deployment, [
    [vscode.l10n.t('State'), deploymentState(state)],
    [vscode.l10n.t('Stage'), state === 'waiting' || state === 'running' ? message : undefined],
    [vscode.l10n.t('Started'), timeOf(created)],
    [vscode.l10n.t('Address'), address],
    [vscode.l10n.t('Login'), login],
    [vscode.l10n.t('Cloud ID'), instanceId],
    [vscode.l10n.t('Server'), server],
  ]);
}
