import { UForgeError } from '../errors.ts';
import { messageOf } from '../messageOf.ts';

const tlsAdvice: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not one this computer trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not one this computer trusts',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not one this computer trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not one this computer trusts',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host',
  ERR_TLS_OTHER_CERTIFICATE: 'it is not the one that was trusted. Sign in again to see the new one',
};

/** The node error codes that say nothing came back in time. */
const timeouts = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
]);

/**
 * The error for a connection that failed, from what Node or undici threw. `proxy` is the one in between, if
 * any. An aborted signal's reason is not a failure: hand it through before calling this.
 */
export function connectionFailure(error: unknown, url: URL, proxy?: URL): UForgeError {
  if (error instanceof UForgeError) return error;
  const cause = rootCause(error);
  const { code, message } = cause;
  const init = { detail: code === '' ? message : `${code}: ${message}`, cause: error };
  const { host } = url;
  const via = proxy === undefined ? '' : ` through the proxy ${proxy.host}`;
  if (timeouts.has(code)) return new UForgeError('timeout', `${host} did not answer in time${via}.`, init);
  if (isTls(code, message)) return new UForgeError('tls', tlsSentence(host, code, message), init);
  return new UForgeError(
    'network',
    `${networkReason(code, message, host, proxy)}${via === '' ? '' : ` (asked${via})`}.`,
    init,
  );
}

function tlsSentence(host: string, code: string, message: string): string {
  const why = tlsAdvice[code];
  if (why === undefined) return `A secure connection to ${host} could not be made: ${message}.`;
  const remedy =
    why.includes('authority') || why.includes('self-signed')
      ? ' If you trust it, name the file with its certificate authority: applianceForge.tls.caFile in the settings, APPLIANCE_FORGE_CA_FILE on the command line.'
      : '';
  return `The certificate of ${host} can't be accepted: ${why}.${remedy}`;
}

function networkReason(code: string, message: string, host: string, proxy: URL | undefined): string {
  const asked = proxy?.host ?? host;
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${asked}: the connection was refused`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${asked} could not be resolved`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no route to ${asked}`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `The connection to ${asked} was broken`;
    default:
      break;
  }
  if (message.includes('407')) return `The proxy ${asked} asks for a login; put it in the proxy URL`;
  return `${host} could not be reached: ${message.replace(/\.$/, '')}`;
}

function isTls(code: string, message: string): boolean {
  return (
    code in tlsAdvice ||
    /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code) ||
    /\bSSL routines\b/.test(message)
  );
}

/** The first error with a code: fetch, undici and Happy Eyeballs all wrap the one that matters. */
function rootCause(error: unknown): { code: string; message: string } {
  let current: unknown = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    const inner: unknown =
      current instanceof AggregateError ? (current.errors as unknown[])[0] : current.cause;
    const code = (current as NodeJS.ErrnoException).code ?? '';
    if (!(inner instanceof Error) || (code !== '' && !code.startsWith('UND_ERR_'))) {
      return { code, message: current.message === '' ? code : current.message };
    }
    current = inner;
  }
  return { code: '', message: messageOf(error) };
}
