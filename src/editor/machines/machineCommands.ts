import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Machine } from '../../machines/index.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { CommandHandler } from '../commandRegistry.ts';
import type { ErrorReporter } from '../errors.ts';
import { connectSsh } from './connectSsh.ts';
import { keepChanges } from './keepChanges.ts';
import { Machines } from './machines.ts';
import type { WindowMachine } from './windowMachine.ts';
import { MachineScreens } from './machineScreen.ts';
import { MachinesStatusBar } from './machinesStatusBar.ts';
import { MachinesView } from './machinesView.ts';
import type { MachineCommandName } from '../commandIds.ts';
import { machineFor } from './pickMachine.ts';
import { forwardPort, openInBrowser } from './ports.ts';
import { powerOff } from './powerOff.ts';
import { startImage, type StartContext } from './startImage.ts';

export interface MachineCommandsContext extends Omit<StartContext, 'machines'> {
  readonly extensionUri: vscode.Uri;
  readonly state: vscode.Memento;
  readonly clock: Clock;
  readonly errors: ErrorReporter;
}

/** What the commands about machines do, and all that shows them. */
export interface MachineCommands extends Readonly<Record<MachineCommandName, CommandHandler>> {
  adopt(machine: Machine): void;
  dispose(): void;
}

export function machineCommands(context: MachineCommandsContext): MachineCommands {
  const { extensionUri, state, clock, errors } = context;
  const machines = new Machines(state, errors);
  const screens = new MachineScreens(extensionUri);
  const view = new MachinesView(machines, clock);
  const shown = vscode.Disposable.from(new MachinesStatusBar(machines), view, screens, machines);
  /** Does something with the machine the command is meant for. */
  const withMachine =
    (title: string, work: (chosen: WindowMachine, ...args: unknown[]) => unknown): CommandHandler =>
    async (...args) => {
      const chosen = await machineFor(args[0], machines, title);
      return chosen && work(chosen, ...args);
    };
  return {
    startImage: (argument) => startImage(argument, { ...context, machines }),
    showMachines: () => view.show(),
    showConsole: withMachine(vscode.l10n.t('Show Console'), ({ console }) => console.show()),
    fitConsole: withMachine(vscode.l10n.t('Fit Console to Terminal'), ({ console }) => console.fit()),
    showScreen: withMachine(vscode.l10n.t('Show Screen'), (chosen) => screens.show(chosen)),
    connectSsh: withMachine(vscode.l10n.t('Connect with SSH'), (chosen) => connectSsh(chosen, clock)),
    openInBrowser: withMachine(vscode.l10n.t('Open in Browser'), openInBrowser),
    forwardPort: withMachine(vscode.l10n.t('Forward a Port'), (chosen, _row, port) =>
      forwardPort(chosen, port),
    ),
    // Nobody is asked before a machine ends: what it has written can be kept afterwards.
    restartMachine: withMachine(vscode.l10n.t('Restart Machine'), ({ machine }) => machine.reset()),
    powerOffMachine: withMachine(vscode.l10n.t('Power Off Machine'), (chosen) => powerOff(chosen, clock)),
    stopMachine: withMachine(vscode.l10n.t('Stop Machine'), ({ machine }) => machine.stop()),
    keepChanges: withMachine(vscode.l10n.t('Keep Changes as Image'), (chosen, _row, file) =>
      keepChanges(chosen, file),
    ),
    adopt: (machine) => {
      const { path } = machine.image;
      machines.add(machine, basename(path), vscode.Uri.file(path).toString());
    },
    dispose: () => void shown.dispose(),
  };
}
