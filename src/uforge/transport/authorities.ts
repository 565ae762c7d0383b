import * as tls from 'node:tls';

/** Node before 22.15 does not have it. */
const { getCACertificates }: Partial<typeof tls> = tls;

/**
 * Whom a TLS connection trusts: Node's authorities (with NODE_EXTRA_CA_CERTS), those of the operating system, as
 * VS Code and browsers do, and those of the given PEM text. Takes a tenth of a second: only for https, and once.
 */
export function trustedAuthorities(caPem: string | undefined): string[] {
  const own = getCACertificates?.('default') ?? tls.rootCertificates;
  const system = getCACertificates?.('system') ?? [];
  return [...new Set([...own, ...system]), ...(caPem === undefined ? [] : [caPem])];
}
