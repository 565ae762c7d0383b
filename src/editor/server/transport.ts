import * as vscode from 'vscode';
import type { Transport } from '../../uforge/transport/transport.ts';
import { ActionableError } from '../errors.ts';
import { openSetting } from '../settings.ts';
import { proxySettings } from './proxySettings.ts';
import { messageOf } from '../../uforge/messageOf.ts';

/** The network towards the local forge: no proxy, whatever the settings say, for it is this very computer. */
export async function openLocalTransport(): Promise<Transport> {
  const { createUndiciTransport } = await import('../../uforge/transport/undiciTransport.ts');
  return createUndiciTransport();
}

/** Whom a server is trusted by, besides this computer's authorities. */
export interface ServerTrust {
  /** PEM files with certificate authorities. */
  readonly caFiles: readonly string[];
  /** PEM of the one certificate it is known by. */
  readonly pinnedPem?: string | undefined;
}

/**
 * The network towards a server. Loaded with the first request, never at activation. Where a person or the
 * environment names a proxy, our own HTTP stack uses it; where nobody does and the server is another
 * computer, `node:https` stands in, because VS Code finds the system's proxy (PAC, Kerberos) for that one.
 * Throws `ActionableError` when a CA file can't be read.
 */
export async function openTransport(baseUrl: URL, known: ServerTrust): Promise<Transport> {
  const { readTrust } = await import('../../uforge/transport/authorities.ts');
  const trust = await readTrust(known, unreadableCa);
  const { mode, proxy } = proxySettings(baseUrl);
  if (mode === 'system') {
    const { createNodeTransport } = await import('../../uforge/transport/nodeTransport.ts');
    return createNodeTransport(trust);
  }
  const { createUndiciTransport } = await import('../../uforge/transport/undiciTransport.ts');
  return createUndiciTransport({ ...trust, ...(proxy !== undefined && { proxy }) });
}

function unreadableCa(_file: string, error: unknown): Error {
  const message = vscode.l10n.t(
    'The file with certificate authorities can not be read: {0}. Correct the setting {1}.',
    messageOf(error),
    'applianceForge.tls.caFile',
  );
  return new ActionableError(message, [openSetting('tls.caFile')]);
}
