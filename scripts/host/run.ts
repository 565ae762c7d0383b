import type { HostBundle } from './bundle.ts';
import type { Report } from './report.ts';

/** One run of the host tests, whatever VS Code it is in. */
export interface HostRun {
  /** Private to the run, removed afterwards. */
  folder: string;
  /** A copy of examples/. */
  workspace: string;
  /** The extension under test, with the tests. */
  bundle: HostBundle;
  /** Screenshots and logs for people. */
  results: string;
  env: Record<string, string>;
  report: Report;
  /** The run is given up after this time. */
  minutes: number;
  signal: AbortSignal;
}
