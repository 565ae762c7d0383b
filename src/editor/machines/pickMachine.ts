import * as vscode from 'vscode';
import { isRecord } from '../../uforge/isRecord.ts';
import { pickOne } from '../inputs.ts';
import { inform } from '../messages.ts';
import type { Machines, WindowMachine } from './machines.ts';

/** The machine a command is meant for: that of the row, else the only one, else the one the person picks. */
export async function machineFor(
  argument: unknown,
  { all }: Machines,
  title: string,
): Promise<WindowMachine | undefined> {
  const named = machineIn(argument);
  if (named !== undefined) {
    const current = all.find(({ machine }) => machine.id === named);
    if (current === undefined) void inform(vscode.l10n.t('This machine has ended.'));
    return current;
  }
  if (all.length === 0) void inform(vscode.l10n.t('No machine is running in this window.'));
  if (all.length <= 1) return all[0];
  const picked = await pickOne(
    all.map((machine) => ({ label: machine.title, machine })),
    { title, placeHolder: vscode.l10n.t('Machine') },
  );
  return picked?.machine;
}

/** Rows of the view and notifications hand over something with the machine in it. */
function machineIn(argument: unknown): string | undefined {
  const machine = isRecord(argument) ? argument['machine'] : undefined;
  return isRecord(machine) && typeof machine['id'] === 'string' ? machine['id'] : undefined;
}
