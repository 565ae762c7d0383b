import { decodeAs, mediaTypeIn } from '../codec/codec.ts';
import type { UForgeErrorBody } from '../dto.ts';
import { UForgeError, type UForgeErrorKind } from '../errors.ts';
import type { TransportResponse } from '../transport/transport.ts';
import { readStart } from './body.ts';

/** What was asked, for the words of an error. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly entitlements: readonly string[];
  redact(text: string): string;
  now(): number;
}

/**
 * The codes UForge documents, and those of proxies. `node:http` has them all, but to import it loads Node's
 * fetch.
 */
const reasons: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** How much of a failed answer is kept. */
const detailBytes = 256 * 1024;

/** Makes the error for an answer that is no success. Reads the body to its end, or as far as it is of use. */
export async function failureOf(response: TransportResponse, asked: Asked): Promise<UForgeError> {
  const raw = await readStart(response, detailBytes).catch((error: unknown) => String(error));
  const body = uforgeErrorIn(raw, response.headers['content-type']);
  const detail = [
    `${asked.method} ${asked.url.href}`,
    `HTTP ${response.status} ${reasons[response.status] ?? ''}`.trimEnd(),
    ...(raw === '' ? [] : ['', raw]),
  ].join('\n');
  return new UForgeError(kindOf(response.status), asked.redact(sentence(response, body, raw, asked)), {
    status: response.status,
    messageId: body?.localizedErrorMsg?.messageId,
    detail: asked.redact(detail),
    retryAfterMs: retryAfter(response.headers['retry-after'], asked.now()),
  });
}

function kindOf(status: number): UForgeErrorKind {
  if (status === 401) return 'authentication';
  if (status === 403) return 'entitlement';
  if (status === 404 || status === 410) return 'notFound';
  if (status === 409) return 'conflict';
  if (status === 407) return 'network';
  if (status === 408) return 'timeout';
  if (status === 429 || status >= 500) return 'server';
  return status >= 400 ? 'invalid' : 'protocol';
}

function sentence(
  response: TransportResponse,
  body: UForgeErrorBody | undefined,
  raw: string,
  asked: Asked,
): string {
  const { status } = response;
  const { host } = asked.url;
  if (status === 401) return `${host} refused the login. Check the login name, and the password or API key.`;
  const said = body?.localizedErrorMsg?.message?.trim();
  if (said) return /^[A-Z][A-Z0-9_.]+$/.test(said) ? `${host} answered: ${humanize(said)} (${said}).` : said;
  if (status >= 300 && status < 400) {
    const target = response.headers['location'];
    return `${host} sends requests elsewhere${target ? `, to ${target}` : ''}. Correct the server URL.`;
  }
  const reason = `${status} ${reasons[status] ?? ''}`.trimEnd();
  if (status === 407) return 'The proxy asks for a login. Put it in the proxy URL.';
  const page = pageTitle(raw);
  if (page !== undefined) {
    const where =
      status === 404
        ? `Is "${asked.url.origin}" with this base path a UForge API?`
        : 'A proxy between here and there may be the reason.';
    return `${host} answered ${reason} with a web page ("${page}"), not as UForge does. ${where}`;
  }
  if (status === 403) {
    const needed =
      asked.entitlements.length > 0 ? ` It needs the entitlement ${asked.entitlements.join(' or ')}.` : '';
    return `${host} does not allow this user to do that.${needed}`;
  }
  if (status === 404) return `${host} does not know ${asked.url.pathname}.`;
  if (status === 503) return `${host} is overloaded or being upgraded (${reason}). Try again later.`;
  return `${host} answered ${reason}.`;
}

function uforgeErrorIn(raw: string, contentType: string | undefined): UForgeErrorBody | undefined {
  const mediaType = mediaTypeIn(raw, contentType);
  if (mediaType === undefined) return undefined;
  try {
    return decodeAs('uforgeError', raw, mediaType);
  } catch {
    // Whatever this is, it is not UForge's; it is shown as it is.
    return undefined;
  }
}

/** `ERROR.CREDACCOUNT.MISSING_TEMPLATE_DESCRIPTION` → `missing template description`. */
function humanize(key: string): string {
  return key
    .slice(key.lastIndexOf('.') + 1)
    .replaceAll('_', ' ')
    .toLowerCase();
}

function pageTitle(raw: string): string | undefined {
  if (!/<(!doctype\s+html|html|head|body)\b/i.test(raw.slice(0, 4096))) return undefined;
  const title = /<(title|h1)[^>]*>([^<]{1,200})</i.exec(raw)?.[2]?.replace(/\s+/g, ' ').trim();
  return title === undefined || title === '' ? 'without a title' : title;
}

/** Seconds, or a date. */
function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
