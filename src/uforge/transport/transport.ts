/**
 * The seam between the protocol and the network. One transport is made per server, in `extension.ts` or the
 * CLI; it knows about proxies, certificates and connection time-outs, and nothing about UForge.
 */
export interface Transport extends AsyncDisposable {
  /**
   * Sends one request. Resolves once the answer's headers are there, whatever the status code; redirects are
   * not followed. Rejects with a `UForgeError` of kind `network`, `tls` or `timeout`, or with the signal's
   * reason.
   */
  request(request: TransportRequest): Promise<TransportResponse>;
}

/** The longest silence for a request that says nothing about it, ms. */
export const defaultIdleTimeoutMs = 60_000;

export interface TransportRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Longest silence before headers and between two chunks of the body, in ms. */
  readonly idleTimeoutMs?: number;
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case; repeated headers are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body as it arrives. Must be read to its end or cancelled with `return()`, else the connection hangs.
   */
  readonly body: AsyncIterable<Uint8Array>;
}
