import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { promisify } from 'node:util';
import { messageOf } from '../../uforge/messageOf.ts';
import { isSystemError } from '../../uforge/systemError.ts';
import type { Listening, Tls } from './listening.ts';
import { StartError } from './startError.ts';

const execute = promisify(execFile);

/** What a TLS server shows (PEM). */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads certificate and key, and makes a certificate of the forge's own when there is none yet.
 * @param folder for the forge's own
 * @throws {StartError} when they are missing or don't belong together
 */
export async function readTls(tls: Tls, listening: Listening, folder: string): Promise<TlsIdentity> {
  const files = tls === 'selfSigned' ? await ownCertificate(listening, folder) : tls;
  const identity = { cert: await readPem(files.cert), key: await readPem(files.key) };
  try {
    createSecureContext(identity);
  } catch (cause) {
    const why = messageOf(cause);
    throw new StartError(`${files.cert} and ${files.key} can't be used together: ${why}.`, { cause });
  }
  return identity;
}

/** As a person compares it: SHA-256, hexadecimal, with colons. */
export function fingerprintOf({ cert }: TlsIdentity): string {
  return new X509Certificate(cert).fingerprint256;
}

async function readPem(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    if (!isSystemError(cause)) throw cause;
    throw new StartError(`${file} can't be read (${cause.code}).`, { cause });
  });
}

/** Made once and kept, so that who trusts it does not have to be asked again. */
async function ownCertificate(
  { names, address }: Listening,
  folder: string,
): Promise<{ readonly cert: string; readonly key: string }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const there = await readFile(files.cert, 'utf8').catch(() => undefined);
  if (there !== undefined) return files;
  const all = [...new Set(['localhost', '127.0.0.1', ...names, ...(isIP(address) ? [address] : [])])];
  const alternatives = all.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',');
  const half = join(folder, 'new.pem');
  const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', `/CN=${hostname().slice(0, 64)}`, '-addext', `subjectAltName=${alternatives}`];
  try {
    await execute('openssl', [...options, '-days', '3650', ...subject, '-keyout', files.key, '-out', half]);
  } catch (cause) {
    const why = isSystemError(cause, 'ENOENT')
      ? 'openssl makes it, and is not installed: sudo apt-get install openssl.'
      : messageOf(cause);
    throw new StartError(`No certificate could be made. ${why}`, { cause });
  }
  await rename(half, files.cert);
  return files;
}
