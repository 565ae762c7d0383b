import type { Machine } from '../../machines/index.ts';
import type { ConsoleTerminal } from './consoleTerminal.ts';
import type { StartedFrom } from './endedWithWindow.ts';

/** A machine that this window has started. */
export interface WindowMachine {
  readonly machine: Machine;
  /** `nginx 1.0 · QCOW2`; of several that are the same, all but the first have a number behind it. */
  readonly title: string;
  readonly from: StartedFrom;
  readonly console: ConsoleTerminal;
}
