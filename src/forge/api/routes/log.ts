import type { Answer } from '../http/answer.ts';
import type { Forge } from '../../process/forge.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import type { UserRecord } from '../../store/userStore.ts';

/** `…/images/{itid}/log`, ours: what `machineImage_get` names in its `Link` header. */
export const logPath = /^\/users\/([^/]+)\/appliances\/(\d+)\/images\/(\d+)\/log$/;

export function logOf(forge: Forge, owner: UserRecord, aid: string, itid: string): Answer {
  const { id } = forge.ticket(owner, aid, itid);
  return { kind: 'text', path: forge.data.log(id), missing: sentence`Image ${id} has no log.` };
}
