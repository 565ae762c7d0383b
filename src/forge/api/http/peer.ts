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
    const isProxy = this.#trusted.has(address);
    const open = (this.#open.get(address) ?? 0) + 1;
    const tooMany = this.#limit > 0 && !isProxy && open > this.#limit;
    if (tooMany || (this.#proxyOnly && !isProxy && !isLoopback(address))) {
      socket.destroy();
      return;
    }
    this.#open.set(address, open);
    socket.once('close', () => {
      const left = (this.#open.get(address) ?? 1) - 1;
      if (left === 0) this.#open.delete(address);
      else this.#open.set(address, left);
    });
  }

  /** The address of the client; of what proxies say, the last that is none of ours: the others can be made up. */
  addressOf({ socket, headers }: IncomingMessage): string {
    const direct = plainAddress(socket.remoteAddress ?? '');
    if (!this.#trusted.has(direct)) return direct;
    const told = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    const last = told
      .map((each) => plainAddress(each.trim()))
      .findLast((each) => isIP(each) !== 0 && !this.#trusted.has(each));
    return last ?? direct;
  }
}
