import { request } from 'node:http';
import type { X509Certificate } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';
import { UForgeError } from '../errors.ts';
import { connectionFailure } from './failure.ts';

/** A server's certificate, for a person to judge. */
export interface ServerCertificate {
  readonly pem: string;
  /** SHA-256, in pairs of hexadecimal digits with colons. */
  readonly fingerprint: string;
  /** One line each, as `CN=uforge.example.com, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: Date;
}

const codes = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_TLS_OTHER_CERTIFICATE',
];

/**
 * Whether a connection failed only because nobody this computer trusts vouches for the server's certificate.
 */
export function isUnknownCertificate(error: unknown): boolean {
  return (
    error instanceof UForgeError &&
    error.kind === 'tls' &&
    codes.some((code) => error.detail.startsWith(code))
  );
}

/**
 * Asks a server for its certificate, unverified, and hangs up: nothing of ours is sent.
 * @param proxy an http proxy on the way, if any
 * @throws {UForgeError}
 */
export async function certificateOf(
  url: URL,
  { proxy, signal }: { readonly proxy?: URL | undefined; readonly signal?: AbortSignal } = {},
): Promise<ServerCertificate> {
  const port = Number(url.port === '' ? 443 : url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const tunnel = proxy === undefined ? undefined : await tunnelThrough(proxy, `${url.hostname}:${port}`);
  const socket = connect({
    host,
    port,
    ...(tunnel && { socket: tunnel }),
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    rejectUnauthorized: false,
  });
  try {
    return describe(await secured(socket, url, signal));
  } finally {
    socket.destroy();
  }
}

function secured(socket: TLSSocket, url: URL, signal: AbortSignal | undefined): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(connectionFailure(error, url));
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    socket.setTimeout(15_000, () => fail(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
    socket.on('error', fail);
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined) fail(new Error('the server showed no certificate'));
      else resolve(certificate);
    });
  });
}

function describe(certificate: X509Certificate): ServerCertificate {
  const line = (name: string): string => name.split('\n').reverse().join(', ');
  return {
    pem: certificate.toString(),
    fingerprint: certificate.fingerprint256,
    subject: line(certificate.subject),
    issuer: line(certificate.issuer),
    validTo: new Date(certificate.validTo),
  };
}

function tunnelThrough(proxy: URL, target: string): Promise<Socket> {
  const login = decodeURIComponent(`${proxy.username}:${proxy.password}`);
  const authorization =
    proxy.username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  return new Promise((resolve, reject) => {
    request({
      host: proxy.hostname,
      port: proxy.port === '' ? 80 : proxy.port,
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization },
    })
      .on('connect', ({ statusCode }, socket) => {
        if (statusCode === 200) resolve(socket);
        else reject(new UForgeError('network', `The proxy ${proxy.host} answered ${String(statusCode)}.`));
      })
      .on('error', (error) => reject(connectionFailure(error, proxy)))
      .end();
  });
}
