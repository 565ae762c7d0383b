/** Why a platform did not do what it was asked to: a sentence for a person, and the platform's own words. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly detail: string | undefined;
  /** The status code of its answer, where there was one. */
  readonly status: number | undefined;

  constructor(
    message: string,
    init: { readonly detail?: string; readonly status?: number; cause?: unknown } = {},
  ) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.detail = init.detail === '' ? undefined : init.detail;
    this.status = init.status;
  }
}
