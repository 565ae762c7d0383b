import * as vscode from 'vscode';
import { localServer } from '../../tickets/clients.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { confirmed, inform } from '../messages.ts';
import type { LocalForge } from './localForge.ts';

/** Ends the local forge. Asks first when that would end a build. */
export async function stopForge(store: TicketStore, forge: LocalForge): Promise<void> {
  const running = store.running().filter(({ server }) => server === localServer).length;
  if (running > 0) {
    const detail =
      running === 1
        ? vscode.l10n.t('1 image is being generated. It will fail, and has to be generated again.')
        : vscode.l10n.t(
            '{0} images are being generated. They will fail, and have to be generated again.',
            running,
          );
    if (!(await confirmed(vscode.l10n.t('Stop the local forge?'), detail, vscode.l10n.t('Stop')))) return;
  }
  const stopped = await forge.stop();
  void inform(
    stopped
      ? vscode.l10n.t('The local forge has stopped. It starts again with the next image.')
      : vscode.l10n.t('The local forge is not running.'),
  );
}
