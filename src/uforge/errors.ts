/**
 * What kind of failure it is, for the code that reacts to it:
 * `network` no connection, `timeout` silence, `tls` certificate, `authentication` 401, `entitlement` 403,
 * `notFound` 404, `conflict` 409, `invalid` the request is wrong (4xx, or before it was sent), `server` 5xx,
 * `protocol` an answer that is not UForge's.
 */
export type UForgeErrorKind =
  | 'network'
  | 'timeout'
  | 'tls'
  | 'authentication'
  | 'entitlement'
  | 'notFound'
  | 'conflict'
  | 'invalid'
  | 'server'
  | 'protocol';

interface UForgeErrorInit {
  /** HTTP status code. */
  readonly status?: number | undefined;
  /** UForge's language-independent id of the error. */
  readonly messageId?: string | undefined;
  /** The raw answer, secrets redacted by whoever makes the error. */
  readonly detail?: string | undefined;
  /** How long the server asks to be left alone, ms. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Everything that goes wrong between here and a server. `message` is a sentence for a person. */
export class UForgeError extends Error {
  override readonly name = 'UForgeError';
  readonly kind: UForgeErrorKind;
  readonly status: number | undefined;
  readonly messageId: string | undefined;
  /** The raw answer or the system's own words, without secrets; empty when there is nothing more to say. */
  readonly detail: string;
  readonly retryAfterMs: number | undefined;

  constructor(kind: UForgeErrorKind, message: string, init: UForgeErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.kind = kind;
    this.status = init.status;
    this.messageId = init.messageId;
    this.detail = init.detail ?? '';
    this.retryAfterMs = init.retryAfterMs;
  }
}
