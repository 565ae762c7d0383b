import * as vscode from 'vscode';
import { applianceLabel, type Ticket } from '../../../tickets/ticket.ts';
import { runs, type Action } from '../../errors.ts';
import { formatBytes, isPublishable } from '../appearance.ts';

/** What a notification says, and its buttons. */
export interface NotificationText {
  readonly severity: 'error' | 'information';
  readonly message: string;
  readonly actions: readonly Action[];
}

/** One sentence for all that ended together; of several, the rows tell the rest. */
export function notificationOf(tickets: readonly Ticket[]): NotificationText {
  const [only, ...others] = tickets;
  if (only !== undefined && others.length === 0)
    return only.state === 'failed' ? failure(only) : success(only);
  const failed = tickets.filter(({ state }) => state === 'failed');
  const [first] = failed;
  const names = [...new Set(tickets.map(applianceLabel))].slice(0, 3).join(', ');
  const actions = [runs(vscode.l10n.t('Show'), 'showImages', first ?? only)];
  if (first === undefined) {
    const message = vscode.l10n.t('{0} images are done: {1}.', tickets.length, names);
    return { severity: 'information', message, actions };
  }
  const message = vscode.l10n.t(
    '{0} of {1} images failed: {2}. The first: {3}',
    failed.length,
    tickets.length,
    names,
    first.errorMessage ?? first.message,
  );
  return { severity: 'error', message, actions };
}

function failure(ticket: Ticket): NotificationText {
  const why = ticket.errorMessage ?? ticket.message;
  return {
    severity: 'error',
    message: vscode.l10n.t('{0} for {1} failed: {2}', applianceLabel(ticket), ticket.targetFormat, why),
    actions: [
      runs(vscode.l10n.t('Show Log'), 'showLog', ticket),
      ...(ticket.definition === undefined
        ? []
        : [runs(vscode.l10n.t('Try Again'), 'generateAgain', ticket, 'file')]),
    ],
  };
}

function success(ticket: Ticket): NotificationText {
  const what = [applianceLabel(ticket), ticket.targetFormat] as const;
  const size = ticket.fileSize === undefined ? '' : ` (${formatBytes(ticket.fileSize)})`;
  return {
    severity: 'information',
    message: ticket.simulated
      ? vscode.l10n.t('The dependencies of {0} for {1} are complete.', ...what)
      : vscode.l10n.t('{0} for {1} is done{2}.', ...what, size),
    actions: [
      ...(ticket.downloadable
        ? [
            runs(vscode.l10n.t('Download'), 'download', ticket),
            runs(vscode.l10n.t('Start'), 'startImage', ticket),
          ]
        : []),
      ...(isPublishable(ticket) ? [runs(vscode.l10n.t('Publish…'), 'publishImage', ticket)] : []),
      runs(vscode.l10n.t('Show'), 'showImages', ticket),
    ],
  };
}
