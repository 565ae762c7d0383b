import type { DtoOfRoot, ItemOfRoot, Long, RootName } from './dto.ts';
import type { OperationName, OperationRows } from './operations.ts';
import type { TransportResponse } from './transport/transport.ts';

/** A path parameter: an id, or a name. Percent-encoded by the client. */
type PathValue = Long | string;

/** The types of query parameters, wherever they occur. */
interface QueryTypes {
  /** FIQL, see `fiql.ts`. */
  query: string;
  descending: boolean;
  orderBy: string;
  count: number;
  offset: number;
  force: boolean;
  imported: boolean;
  reuseBundles: boolean;
  useMajor: boolean;
  latestOnly: boolean;
  /** Image URIs, to choose among all; sent as a repeated parameter. */
  img: readonly string[];
  /** Import URIs, likewise. */
  ai: readonly string[];
  downloadId: string;
  id: string;
  name: string;
  lastPkgUpdate: string;
  outputFormat: 'yaml' | 'json';
}

/** How one call behaves. */
export interface CallOptions {
  /** Ends the call at once, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest silence of the server, ms. */
  readonly timeoutMs?: number | undefined;
  /** How often a safe request is tried at most; 3 when not said. Others are tried once. */
  readonly attempts?: number | undefined;
  /** Ask again even if the answer is known: no `If-None-Match`. */
  readonly fresh?: boolean | undefined;
  /** Ask for a part of a file, as in RFC 9110: `bytes=100-`. Only for operations that answer with bytes. */
  readonly range?: string | undefined;
  /**
   * How many seconds the server may hold the request until there is something new (`Prefer: wait`, RFC 7240).
   * Whether it does, `client.holdsRequests` says; one that does not just answers.
   */
  readonly waitSeconds?: number | undefined;
  /** With `range`: only if the file still is the one with this strong ETag, else all of it. */
  readonly ifRange?: string | undefined;
}

type PathNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Exclude<Name, 'uid'> | PathNames<Rest>
  : never;

type QueryNames<Row> = Row extends { readonly query: readonly (infer Q extends keyof QueryTypes)[] }
  ? Q
  : never;

/** Path parameters (without `uid`, which the client knows) and query parameters in one object. */
type Params<N extends OperationName> = Readonly<Record<PathNames<OperationRows[N]['path']>, PathValue>> & {
  readonly [K in QueryNames<OperationRows[N]>]?: QueryTypes[K] | undefined;
};

type Body<N extends OperationName> = OperationRows[N] extends {
  readonly requestRoot: infer R extends RootName;
}
  ? DtoOfRoot<R>
  : OperationRows[N] extends { readonly requestBytes: true }
    ? Uint8Array | AsyncIterable<Uint8Array>
    : never;

/** Its DTO; for bytes the response, whose body the caller reads or cancels; else nothing. */
type Answer<N extends OperationName> = OperationRows[N] extends {
  readonly responseRoot: infer R extends RootName;
}
  ? DtoOfRoot<R>
  : OperationRows[N] extends { readonly responseBytes: true }
    ? TransportResponse
    : undefined;

type ParamsArgument<N extends OperationName> = [PathNames<OperationRows[N]['path']>] extends [never]
  ? [params?: Params<N>]
  : [params: Params<N>];

/** The arguments of a method: parameters, body if there is one, options. */
type Arguments<N extends OperationName> = [Body<N>] extends [never]
  ? [...ParamsArgument<N>, options?: CallOptions]
  : [params: Params<N>, body: Body<N>, options?: CallOptions];

/**
 * One method for every row of `operations`, of the same name. Rejects with `UForgeError` or the signal's
 * reason.
 */
export type Methods = {
  readonly [N in keyof OperationRows]: (...args: Arguments<N>) => Promise<Answer<N>>;
};

/** The operations that search and page: those with `count` and `offset`. */
type PagedName = {
  [N in OperationName]: 'offset' extends QueryNames<OperationRows[N]> ? N : never;
}[OperationName];

/** How a paged list is walked. */
export interface WalkOptions extends CallOptions {
  /** Items asked for at a time; 100 when not said. */
  readonly pageSize?: number | undefined;
}

type WalkParams<N extends PagedName> = Omit<Params<N>, 'count' | 'offset'>;

type Item<N extends PagedName> = OperationRows[N] extends {
  readonly responseRoot: infer R extends RootName;
}
  ? ItemOfRoot<R>
  : never;

/**
 * The paged lists, item by item: `for await (const appliance of client.each.appliance_getAll({ query }))`.
 * Pages are asked for as they are needed. Fails as the method of that name does, and with `UForgeError`
 * `protocol` when the server gives fewer items than it says there are.
 */
export type Walks = {
  readonly [N in PagedName]: (
    ...args: [PathNames<OperationRows[N]['path']>] extends [never]
      ? [params?: WalkParams<N>, options?: WalkOptions]
      : [params: WalkParams<N>, options?: WalkOptions]
  ) => AsyncIterable<Item<N>>;
};
