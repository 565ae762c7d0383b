import * as vscode from 'vscode';
import type { Deployment } from '../../tickets/deployment.ts';
import type { Publication } from '../../tickets/publication.ts';
import { applianceLabel } from '../../tickets/ticket.ts';
import { runs } from '../errors.ts';
import type { NotificationText } from '../images/notifications/notificationText.ts';
import { isDeployable, publicationLabel } from './publicationRow.ts';

/** One sentence for all publications that ended together. */
export function publicationNotification(ended: readonly Publication[]): NotificationText {
  const failed = ended.filter(({ state }) => state === 'failed');
  const [first] = failed.length > 0 ? failed : ended;
  const show = runs(vscode.l10n.t('Show'), 'showImages', first);
  if (first === undefined || ended.length > 1) {
    const names = [...new Set(ended.map(publicationLabel))].slice(0, 3).join(', ');
    if (first === undefined || failed.length === 0) {
      const message = vscode.l10n.t('{0} publications are done: {1}.', ended.length, names);
      return { severity: 'information', message, actions: [show] };
    }
    const why = first.errorMessage ?? first.message;
    const message = vscode.l10n.t(
      '{0} of {1} publications failed: {2}. The first: {3}',
      failed.length,
      ended.length,
      names,
      why,
    );
    return { severity: 'error', message, actions: [show] };
  }
  const what = [applianceLabel(first), publicationLabel(first)] as const;
  if (first.state === 'failed') {
    return {
      severity: 'error',
      message: vscode.l10n.t(
        'Publishing {0} to {1} failed: {2}',
        ...what,
        first.errorMessage ?? first.message,
      ),
      actions: [runs(vscode.l10n.t('Try Again'), 'publishAgain', first), show],
    };
  }
  const { cloudId } = first;
  return {
    severity: 'information',
    message:
      cloudId === undefined
        ? vscode.l10n.t('{0} is published to {1}.', ...what)
        : vscode.l10n.t('{0} is published to {1} as {2}.', ...what, cloudId),
    actions: [
      ...(isDeployable(first) ? [runs(vscode.l10n.t('Deploy…'), 'deploy', first)] : []),
      ...(cloudId === undefined ? [] : [runs(vscode.l10n.t('Copy Cloud ID'), 'copyCloudId', first)]),
      show,
    ],
  };
}

/** One sentence for all deployments that ended together: a machine that runs, too, has come to its end. */
export function deploymentNotification(ended: readonly Deployment[]): NotificationText {
  const failed = ended.find(({ state }) => state === 'failed');
  const [first = failed] = ended;
  const show = runs(vscode.l10n.t('Show'), 'showImages', failed ?? first);
  if (failed !== undefined) {
    const why = failed.errorMessage ?? failed.message;
    const message = vscode.l10n.t('{0} does not run: {1}', failed.name, why);
    return { severity: 'error', message, actions: [show] };
  }
  const names = ended.map(({ name, address }) => (address === undefined ? name : `${name} (${address})`));
  return {
    severity: 'information',
    message:
      ended.length === 1
        ? vscode.l10n.t('{0} runs.', names.join(', '))
        : vscode.l10n.t('{0} machines run: {1}.', ended.length, names.join(', ')),
    actions: [
      ...(ended.length === 1 && first?.address !== undefined
        ? [runs(vscode.l10n.t('Connect with SSH'), 'connectDeployment', first)]
        : []),
      show,
    ],
  };
}
