import { parseUpdateTo } from '../../appliance/template/rules/templateRules.ts';
import { debianMirror } from './distributions.ts';

/** The variable with the address of a snapshot archive, such as `http://snapshot.debian.org/archive`. */
const variable = 'FORGE_SNAPSHOT_MIRROR';

/** Why `updateTo` can't be honoured, as the rest of a sentence; undefined when it can. */
export function snapshotProblem(updateTo: string, environment: NodeJS.ProcessEnv): string | undefined {
  const date = parseUpdateTo(updateTo);
  if (date === undefined) return `“${updateTo}” is no date`;
  if (date.getTime() > Date.now()) return `“${updateTo}” is in the future`;
  if ((environment[variable] ?? '') === '') {
    return `needs a snapshot archive, and none is configured: start with ${variable}=http://snapshot.debian.org/archive, or remove it to get the newest packages`;
  }
  return undefined;
}

/** The mirror of a build: as of a moment where `updateTo` asks for it, else the newest. */
export function mirrorFor(updateTo: string | undefined, environment: NodeJS.ProcessEnv): string {
  const date = updateTo === undefined ? undefined : parseUpdateTo(updateTo);
  const archive = environment[variable]?.replace(/\/+$/, '') ?? '';
  if (date === undefined || archive === '') return environment['FORGE_MIRROR'] ?? debianMirror;
  // The archive answers with the newest state that is not after that moment.
  return `${archive}/debian/${date.toISOString().replace(/[-:]|\.\d+/g, '')}`;
}
