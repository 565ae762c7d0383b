import { BlockList, isIP } from 'node:net';
import { hostname } from 'node:os';
import { UsageError } from './usageError.ts';

/** Where a certificate comes from: files, or one of the forge's own. */
export type Tls = { readonly cert: string; readonly key: string } | 'selfSigned';

/** Where and for whom a forge answers. */
export interface Listening {
  readonly address: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly tls?: Tls;
  /** By which clients reach it, besides the names of loopback; lower case, without a port. */
  readonly names: readonly string[];
  readonly trustedProxies: readonly string[];
  /** At the same time; 0 = any number. */
  readonly connectionsPerAddress: number;
  /** In the long run, of an address and of a user; 0 = any number. */
  readonly requestsPerSecond: number;
}

const networkLimits = { connectionsPerAddress: 200, requestsPerSecond: 50 } as const;

/** What is said of it; the limits where they are said. */
interface Said {
  readonly listen: string | undefined;
  readonly port: number;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly tlsSelfSigned: boolean;
  readonly names: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly connectionsPerAddress: number | undefined;
  readonly requestsPerSecond: number | undefined;
}

/**
 * Nothing but loopback without TLS, unless a proxy in front is named that speaks it.
 * @throws {UsageError} with the remedy
 */
export function listeningOf(said: Said): Listening {
  const { address, port } = said.listen === undefined ? loopbackAt(said.port) : parseListen(said.listen);
  const tls = tlsOf(said);
  const onNetwork = !isLoopback(address);
  for (const proxy of said.trustedProxies) {
    if (isIP(proxy) === 0) throw new UsageError(`--trusted-proxy takes an IP address, not “${proxy}”.`);
  }
  if (onNetwork && tls === undefined && said.trustedProxies.length === 0) {
    throw new UsageError(
      `On ${address}, passwords would go over the network as they are. Give --tls-cert and --tls-key, or ` +
        '--tls-self-signed, or the address of a proxy in front that speaks TLS (--trusted-proxy).',
    );
  }
  const limits = onNetwork ? networkLimits : { connectionsPerAddress: 0, requestsPerSecond: 0 };
  const own = onNetwork && said.names.length === 0 ? [hostname(), ...(isAny(address) ? [] : [address])] : [];
  return {
    ...{ address, port, ...(tls && { tls }), trustedProxies: said.trustedProxies },
    names: [...said.names, ...own].map((name) => name.toLowerCase()),
    connectionsPerAddress: said.connectionsPerAddress ?? limits.connectionsPerAddress,
    requestsPerSecond: said.requestsPerSecond ?? limits.requestsPerSecond,
  };
}

export function loopbackAt(port: number): Listening {
  return {
    ...{ address: '127.0.0.1', port, names: [], trustedProxies: [] },
    ...{ connectionsPerAddress: 0, requestsPerSecond: 0 },
  };
}

/** By which name others reach it: the first that was given, else the address. */
export function reachedAs({ address, names }: Listening): string {
  const [name = isAny(address) ? '127.0.0.1' : address] = names;
  return isIP(name) === 6 ? `[${name}]` : name;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Of an IPv4 address as an IPv6 socket shows it, the address. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function parseListen(text: string): { readonly address: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3]);
  if (isIP(address) === 0 || !(port <= 65_535)) {
    throw new UsageError(
      `--listen takes an IP address and a port, as 0.0.0.0:8443 or [::]:8443, not “${text}”.`,
    );
  }
  return { address, port };
}

function tlsOf({ tlsCert, tlsKey, tlsSelfSigned }: Said): Tls | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return tlsSelfSigned ? 'selfSigned' : undefined;
  if (tlsSelfSigned) throw new UsageError('Give --tls-self-signed or a certificate of your own, not both.');
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UsageError('--tls-cert and --tls-key go together: give both.');
  }
  return { cert: tlsCert, key: tlsKey };
}
