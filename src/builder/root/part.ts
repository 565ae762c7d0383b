import type { Plan } from '../plan/plan.ts';
import type { RootFile } from './bootScripts.ts';

/** What one option of a template puts into the root. */
interface RootPart {
  /** Debian packages it needs. */
  readonly packages?: readonly string[];
  readonly files?: readonly RootFile[];
  /** Units that are enabled. */
  readonly units?: readonly string[];
}

/** An option: from the plan to its part of the root; an empty part where the template doesn't ask for it. */
export type RootOption = (plan: Plan) => RootPart;

export function textFile(path: string, content: string, mode = 0o644): RootFile {
  return { path, content, mode };
}
