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

/** Between fields: bash reads empty ones only with a separator that is no blank. */
const separator = '\x1f';

/** Rows for a script inside the root, which reads them with `IFS=$'\\x1f' read -r`. */
export function tableFile(
  name: string,
  rows: readonly (readonly (string | number | undefined)[])[],
): RootFile {
  const lines = rows.map((row) => `${row.map((field) => field ?? '').join(separator)}\n`);
  return textFile(name, lines.join(''));
}

export function textFile(path: string, content: string, mode = 0o644): RootFile {
  return { path, content, mode };
}
