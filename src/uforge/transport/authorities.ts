import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';

/** Node before 22.15 does not have it. */
const { getCACertificates }: Partial<typeof tls> = tls;

/** Whom a server's TLS connection trusts besides this computer's authorities. */
export interface TrustOptions {
  /** Certificate authorities, PEM. */
  readonly caPem?: string;
  /** The one certificate (PEM) this server is known by: it and no other is accepted, whoever signed it. */
  readonly pinnedPem?: string;
}

/**
 * Trust in the authorities of PEM files, and in the one certificate a server is known by.
 * @param unreadable makes the error that is thrown for a file that can't be read
 */
export async function readTrust(
  {
    caFiles,
    pinnedPem = '',
  }: { readonly caFiles: readonly string[]; readonly pinnedPem?: string | undefined },
  unreadable: (file: string, error: unknown) => Error,
): Promise<TrustOptions> {
  const read = async (file: string): Promise<string> =>
    readFile(file, 'utf8').catch((error: unknown) => {
      throw unreadable(file, error);
    });
  const pems = await Promise.all(caFiles.map(read));
  return { ...(pems.length > 0 && { caPem: pems.join('\n') }), ...(pinnedPem !== '' && { pinnedPem }) };
}

/** The part of Node's TLS options that says whom to trust. */
export interface TlsTrust {
  readonly ca: string[];
  readonly allowPartialTrustChain?: true;
  readonly checkServerIdentity?: (host: string, certificate: tls.PeerCertificate) => Error | undefined;
}

/**
 * Whom a TLS connection trusts: Node's authorities (with NODE_EXTRA_CA_CERTS), those of the operating system,
 * as VS Code and browsers do, and those of the given PEM text. Takes a tenth of a second: only for https, and
 * once.
 */
function trustedAuthorities(caPem: string | undefined): string[] {
  const own = getCACertificates?.('default') ?? tls.rootCertificates;
  const system = getCACertificates?.('system') ?? [];
  return [...new Set([...own, ...system]), ...(caPem === undefined ? [] : [caPem])];
}

/** For a pinned certificate the chain ends with it, and its fingerprint stands for the host's name. */
export function tlsTrust({ caPem, pinnedPem }: TrustOptions): TlsTrust {
  if (pinnedPem === undefined) return { ca: trustedAuthorities(caPem) };
  const { fingerprint256 } = new X509Certificate(pinnedPem);
  return {
    ca: [pinnedPem],
    allowPartialTrustChain: true,
    checkServerIdentity: (host, certificate) =>
      certificate.fingerprint256 === fingerprint256 ? undefined : otherCertificate(host),
  };
}

function otherCertificate(host: string): Error {
  const error = new Error(`${host} has another certificate than the one that was trusted`);
  return Object.assign(error, { code: 'ERR_TLS_OTHER_CERTIFICATE' });
}
