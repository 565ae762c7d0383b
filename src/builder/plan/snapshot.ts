import { parseUpdateTo } from '../../appliance/template/rules/templateRules.ts';
import { debianMirror } from './distributions.ts';

/** Debian's own archive of what its mirrors have been; `FORGE_SNAPSHOT_MIRROR` names another. */
const debianSnapshots = 'http://snapshot.debian.org/archive';

function archiveOf(environment: NodeJS.ProcessEnv): string {
  const named = environment['FORGE_SNAPSHOT_MIRROR'] ?? '';
  return (named === '' ? debianSnapshots : named).replace(/\/+$/, '');
}

/** The mirror of a build: as of a moment where `updateTo` asks for it, else the newest. */
export function mirrorFor(updateTo: string | undefined, environment: NodeJS.ProcessEnv): string {
  const date = updateTo === undefined ? undefined : parseUpdateTo(updateTo);
  if (date === undefined) return environment['FORGE_MIRROR'] ?? debianMirror;
  // The archive answers with the newest state that is not after that moment.
  return `${archiveOf(environment)}/debian/${date.toISOString().replace(/[-:]|\.\d+/g, '')}`;
}
