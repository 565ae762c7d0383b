import type { CommandName } from '../commandIds.ts';

/** The commands about machines. */
export const machineCommandNames = [
  'startImage',
  'showMachines',
  'showConsole',
  'fitConsole',
  'showScreen',
  'connectSsh',
  'openInBrowser',
  'forwardPort',
  'restartMachine',
  'powerOffMachine',
  'stopMachine',
  'keepChanges',
] as const satisfies readonly CommandName[];

export type MachineCommandName = (typeof machineCommandNames)[number];
