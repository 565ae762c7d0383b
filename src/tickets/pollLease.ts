/**
 * Who of several windows asks a server. What the one that asks finds out reaches the stores of the others by
 * another way (in the editor: `windows/ticketExchange.ts`).
 */
export interface PollLease {
  /** Whether this poller is to ask the server now. Never rejects: when in doubt it is. */
  hold(server: string): Promise<boolean>;
  /** Nothing runs there any more, or the window closes: another may ask. */
  release(server: string): void;
  /** Calls the listener when a server may have become free. */
  onDidRelease(listener: () => void): Disposable;
}

/** When there is only one who asks. */
export const aloneLease: PollLease = {
  hold: () => Promise.resolve(true),
  release: () => undefined,
  onDidRelease: () => ({ [Symbol.dispose]: () => undefined }),
};

/** How often a poller that another one stands in for looks whether that one is still there, ms. */
export const followMs = 5_000;
