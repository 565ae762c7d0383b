import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Transport } from '../../uforge/transport.ts';
import { ActionableError, sentenceOf } from '../errors.ts';
import { openSetting } from '../settings.ts';
import { proxySettings } from './proxySettings.ts';

/** The network towards the local forge: no proxy, whatever the settings say, for it is this very computer. */
export async function openLocalTransport(): Promise<Transport> {
  const { createUndiciTransport } = await import('../../uforge/undiciTransport.ts');
  return createUndiciTransport();
}

/**
 * The network towards a server. Loaded with the first request, never at activation. Where a person or the
 * environment names a proxy, our own HTTP stack uses it; where nobody does and the server is another
 * computer, `node:https` stands in, because VS Code finds the system's proxy (PAC, Kerberos) for that one.
 * Throws `ActionableError` when the CA file can't be read.
 */
export async function openTransport(baseUrl: URL, caFile: string): Promise<Transport> {
  const caPem = caFile === '' ? undefined : await readCa(caFile);
  const { mode, proxy } = proxySettings(baseUrl);
  if (mode === 'system') {
    const { createNodeTransport } = await import('../../uforge/nodeTransport.ts');
    return createNodeTransport({ ...(caPem !== undefined && { caPem }) });
  }
  const { createUndiciTransport } = await import('../../uforge/undiciTransport.ts');
  return createUndiciTransport({
    ...(proxy !== undefined && { proxy }),
    ...(caPem !== undefined && { caPem }),
  });
}

async function readCa(caFile: string): Promise<string> {
  try {
    return await readFile(caFile, 'utf8');
  } catch (error) {
    const message = vscode.l10n.t(
      'The file with certificate authorities can not be read: {0}. Correct the setting {1}.',
      sentenceOf(error),
      'applianceForge.tls.caFile',
    );
    throw new ActionableError(message, [openSetting('tls.caFile')]);
  }
}
