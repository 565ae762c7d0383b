import * as vscode from 'vscode';
import { sleep, type Clock } from '../../uforge/clock.ts';
import { Refusal, runs } from '../errors.ts';
import { withProgress } from '../progress.ts';
import type { WindowMachine } from './machines.ts';

/** A system that listens has shut down by then, ms, emulated, too. */
const shutDownMs = 90_000;

/** Presses the power button and waits for the system to shut down; says when it does not listen. */
export async function powerOff({ machine, title }: WindowMachine, clock: Clock): Promise<void> {
  const waited = await withProgress(vscode.l10n.t('Powering off {0}', title), async (_report, signal) => {
    await machine.powerButton();
    const waiting = new AbortController();
    const late = sleep(clock, shutDownMs, AbortSignal.any([signal, waiting.signal])).then(() => true);
    try {
      return await Promise.race([machine.ended.then(() => false), late]);
    } finally {
      late.catch(() => undefined);
      waiting.abort();
    }
  });
  if (waited.kind === 'cancelled' || !waited.value) return;
  const message = vscode.l10n.t('{0} does not listen to its power button.', title);
  throw new Refusal(message, [runs(vscode.l10n.t('Stop Machine'), 'stopMachine', { machine })]);
}
