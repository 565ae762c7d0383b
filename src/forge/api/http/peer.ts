import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { isLoopback, plainAddress, type Listening } from '../../process/listening.ts';

/** Who is at the other end, as far as it can be believed. */
export class Peers {
  readonly #trusted: ReadonlySet<string>;
  readonly #limit: number;
  readonly #proxyOnly: boolean;
  readonly #open = new Map<string, number>();

  constructor({ tls, address, trustedProxies, connectionsPerAddress }: Listening) {
    this.#trusted = new Set(trustedProxies);
    this.#limit = connectionsPerAddress;
    this.#proxyOnly = tls === undefined && !isLoopback(address);
  }

  /** Counts a new connection; one too many, or past the proxy that speaks TLS, is closed at once. */
  admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const network = networkOf(address);
    const isProxy = this.#trusted.has(address);
    const open = (this.#open.get(network) ?? 0) + 1;
    const tooMany = this.#limit > 0 && !isProxy && open > this.#limit;
    if (tooMany || (this.#proxyOnly && !isProxy && !isLoopback(address))) {
      socket.destroy();
      return;
    }
    this.#open.set(network, open);
    socket.once('close', () => {
      const left = (this.#open.get(network) ?? 1) - 1;
      if (left === 0) this.#open.delete(network);
      else this.#open.set(network, left);
    });
  }

  /** The address of the client; of what proxies say, the last that is none of ours: the others can be made up. */
  addressOf({ socket, headers }: IncomingMessage): string {
    const direct = plainAddress(socket.remoteAddress ?? '');
    if (!this.#trusted.has(direct)) return direct;
    const told = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    const last = told.map(addressIn).findLast((each) => !this.#trusted.has(each)) ?? '';
    // What stands before something that is no address, nobody we trust has said.
    return isIP(last) === 0 ? direct : last;
  }
}

/** Some proxies tell the port, too. */
function addressIn(told: string): string {
  const address = told.trim();
  return plainAddress(/^\[(.+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(address)?.slice(1).join('') ?? address);
}

/** Whom to count for an address: who has one of IPv6 has all that share its first 64 bits. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [before = '', after = ''] = address.replace(/%.*/, '').split('::');
  const [first, last] = [groupsIn(before), groupsIn(after)] as const;
  const none = Array<string>(8 - first.length - last.length).fill('0');
  const network = [...first, ...none, ...last].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

function groupsIn(part: string): readonly string[] {
  return part === '' ? [] : part.split(':');
}
