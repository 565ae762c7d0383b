import { ClientCore, type ClientOptions } from './core.ts';
import type { CallParams } from './requestUri.ts';
import { walk } from './walk.ts';
import type { Long } from '../dto.ts';
import type { CallOptions, Methods, WalkOptions, Walks } from '../methods.ts';
import { allOperations, type Operation } from '../operations.ts';

/** A UForge AppCenter or a local forge: one method per operation, and what several of them need. */
export interface UForgeClient extends Methods {
  /** Ends with a slash. */
  readonly baseUrl: URL;
  readonly uid: string;
  /** From the `version` header of the latest answer. */
  readonly serverVersion: string | undefined;
  /**
   * The keys of templates that the server knows beyond UForge's, from the `template-keys` header of its answers; a
   * UForge AppCenter has none.
   */
  readonly templateKeys: readonly string[];
  /** Whether the latest request with `waitSeconds` was answered with `Preference-Applied`. */
  readonly holdsRequests: boolean;
  /** The paged lists, whole, item by item. */
  readonly each: Walks;
  /** A URI of a DTO (relative to the base URL, no leading slash) as a URL. */
  resolve(relativeUri: string): URL;
  /** The text with this user's secrets taken out, and with download keys and signatures. */
  redact(text: string): string;
  /**
   * The build log of a ticket, for servers that say in `machineImage_get` where it is, as the local forge
   * does: `Link: <…/log>; rel="log"`. Undefined for those that do not.
   */
  imageLog(
    params: { readonly aid: Long; readonly itid: Long },
    options?: CallOptions,
  ): Promise<string | undefined>;
}

/** Makes a client. Throws a TypeError for a base URL that can't be one. Does no I/O by itself. */
export function createClient(options: ClientOptions): UForgeClient {
  const core = new ClientCore(options);
  const methods = Object.fromEntries(
    allOperations.map((operation) => [operation.name, methodOf(core, operation)]),
  );
  const walks = Object.fromEntries(
    allOperations
      .filter(({ query }) => query?.includes('offset'))
      .map((operation) => [operation.name, walkOf(core, operation)]),
  );
  return Object.assign(core, methods as unknown as Methods, { each: walks as unknown as Walks });
}

function walkOf(core: ClientCore, operation: Operation): (...args: never[]) => AsyncIterable<unknown> {
  return (params: CallParams = {}, { pageSize, ...options }: WalkOptions = {}) =>
    walk(operation, (page) => core.call(operation, { ...params, ...page }, undefined, options), pageSize);
}

function methodOf(core: ClientCore, operation: Operation): (...args: never[]) => Promise<unknown> {
  const hasBody = operation.requestRoot !== undefined || operation.requestBytes === true;
  return hasBody
    ? (params: CallParams, body: unknown, options?: CallOptions) =>
        core.call(operation, params, body, options)
    : (params?: CallParams, options?: CallOptions) => core.call(operation, params ?? {}, undefined, options);
}
