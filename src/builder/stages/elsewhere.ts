import { join } from 'node:path';
import { refreshIndex } from '../packages/packageIndex.ts';
import { sourcesOf } from '../packages/aptFolder.ts';
import { componentsOf } from '../plan/distributions.ts';
import type { Plan } from '../plan/plan.ts';
import type { StageContext } from './stage.ts';

const madison = 'APT_CONFIG="$APT/apt.conf" apt-cache madison -- $NAMES';

/**
 * Of packages that the template's components don't have, the component of the distribution's archive that does. For a
 * sentence only: when that can't be found out, nothing is known.
 */
export async function componentsWith(
  names: readonly string[],
  plan: Plan,
  { request, sandbox, signal, log }: StageContext,
): Promise<ReadonlyMap<string, string>> {
  const aptFolder = join(request.workDir, 'apt-elsewhere');
  const components = componentsOf(plan.release);
  const source = { ...sourcesOf(plan), components, repositories: [], cacheDir: request.cacheDir };
  try {
    await refreshIndex(source, aptFolder, { sandbox, signal, log });
    const env = { APT: aptFolder, NAMES: names.join(' ') };
    return parseComponents(await sandbox.run(madison, { env, writes: [aptFolder], capture: true }));
  } catch {
    signal.throwIfAborted();
    return new Map();
  }
}

/** `name | version | http://mirror suite/component amd64 Packages` */
function parseComponents(table: string): Map<string, string> {
  return new Map(
    table.split('\n').flatMap((line) => {
      const [name = '', , source = ''] = line.split('|').map((cell) => cell.trim());
      const component = /\/(\S+) \S+ Packages$/.exec(source)?.[1]?.split('/').at(-1);
      return component === undefined ? [] : [[name, component] as const];
    }),
  );
}
