import type { Cache } from '../cache/cache.ts';
import type { BuildRequest } from '../model.ts';
import type { Plan } from '../plan/plan.ts';
import type { StageReport } from './progress.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** What every stage gets. A stage turns inputs into one output and leaves the rest of `workDir` alone. */
export interface StageContext {
  readonly request: BuildRequest;
  readonly plan: Plan;
  readonly cache: Cache;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly report: (report: StageReport) => void;
  readonly log: (line: string) => void;
  /** Throws a `BuildError` when a folder has no room for the bytes the stage is about to write there. */
  readonly needs: (folder: string, bytes: number) => Promise<void>;
}
