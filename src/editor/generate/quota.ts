import * as vscode from 'vscode';
import type { UForgeClient } from '../../uforge/client/client.ts';
import { Refusal } from '../errors.ts';
import { confirmed } from '../messages.ts';

/** From this part of a quota on a person is told before it hurts. */
const warnAt = 0.9;

/**
 * Looks at the quota of generations (`userQuotas_get`) before images are asked for. Throws `ActionableError`
 * when it is used up; asks when these images would use most of what is left. Resolves with whether to go on.
 * A server that does not tell its quotas is no hindrance: it will refuse what it must.
 */
export async function withinQuota(
  client: UForgeClient,
  server: string,
  wanted: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const quotas = await client
    .userQuotas_get({}, { signal, timeoutMs: 5_000, attempts: 1 })
    .then((answer) => answer.quotas)
    .catch(() => []);
  signal?.throwIfAborted();
  const quota = quotas.find(({ type }) => type === 'generation');
  const [limit, used] = [Number(quota?.limit ?? -1), Number(quota?.nb ?? 0)];
  if (limit < 0 || wanted === 0) return true;
  const left = Math.max(0, limit - used);
  if (left === 0) {
    throw new Refusal(
      vscode.l10n.t('Your quota on {0} is used up: {1} of {2} generations.', server, used, limit),
    );
  }
  if (wanted <= left && (used + wanted) / limit < warnAt) return true;
  const question = vscode.l10n.t('{0} of {1} generations on {2} are left.', left, limit, server);
  const detail =
    wanted > left
      ? vscode.l10n.t('You ask for {0} images: some of them will be refused.', wanted)
      : vscode.l10n.t('You ask for {0}. Only images that are done count.', wanted);
  return confirmed(question, detail, vscode.l10n.t('Generate'));
}
