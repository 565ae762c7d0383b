import type { UForgeClient } from '../uforge/client/client.ts';
import type { OpStatus } from '../uforge/dto.ts';
import type { CallOptions } from '../uforge/methods.ts';
import type { Tracked } from './tracked.ts';

/** How a server is asked for things of one kind. */
export interface Kind<T extends Tracked> {
  /** Tells the leases apart: each kind is watched by itself. */
  readonly name: 'images' | 'publications' | 'deployments';
  /**
   * The statuses of some in one request. `answer` is the client's own: it gives the identical object when
   * nothing has changed.
   */
  statuses(client: UForgeClient, records: readonly T[], options: CallOptions): Promise<StatusAnswer>;
  /** What tells one in whatever way a server writes its URI, and that of what lies below it; else empty. */
  readonly idOf: (uri: string) => string;
  /** The record with all its server says of it, `undefined` when the server has it no more. */
  fetch(client: UForgeClient, record: T, now: () => number, signal?: AbortSignal): Promise<T | undefined>;
}

export interface StatusAnswer {
  readonly answer: object;
  readonly statuses: readonly OpStatus[];
}

/** Longest silence of a server that is being watched: a half-open connection after sleep must not last. */
export const requestTimeoutMs = 20_000;

/** Statuses by id: their `parentUri` names what they are of, or their own `uri` lies below it. */
export function statusesById(
  statuses: readonly OpStatus[],
  idOf: (uri: string) => string,
): ReadonlyMap<string, OpStatus> {
  return new Map(
    statuses.flatMap((status) => {
      const id = idOf(status.parentUri ?? '') || idOf(status.uri ?? '');
      return id === '' ? [] : [[id, status] as const];
    }),
  );
}
