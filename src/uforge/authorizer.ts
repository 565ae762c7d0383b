import { createHmac } from 'node:crypto';
import { escapeXml } from './escapeXml.ts';
import { secretElements } from './schema/secrets.ts';

/** Adds a user's credentials to requests. Keeps the secrets to itself: nothing of them can be read back. */
export interface Authorizer {
  /** `relativeUri` is the request's path and query, relative to the base URL, without a leading slash. */
  authorize(relativeUri: string): Authorized;
  /** The text with every secret this authorizer knows taken out. */
  redact(text: string): string;
}

interface Authorized {
  readonly relativeUri: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

type SignatureEncoding = 'raw' | 'hex';

/** HTTP Basic in UTF-8. Throws a TypeError for a login with `:`, which only the password may contain. */
export function basicAuthorizer(login: string, password: string): Authorizer {
  if (login.includes(':')) throw new TypeError('A login can not contain a colon.');
  const token = Buffer.from(`${login}:${password}`, 'utf8').toString('base64');
  return {
    authorize: (relativeUri) => ({ relativeUri, headers: { authorization: `Basic ${token}` } }),
    redact: (text) => redactAll(text, [password, token]),
  };
}

/**
 * UForge's API keys: every URI is signed. The pages disagree on what is base64-encoded, so `encoding`
 * chooses: the `raw` bytes of the digest (the newer sample, the default) or its `hex` text (the diagram).
 */
export function apiKeyAuthorizer(
  publicKey: string,
  secretKey: string,
  options: { readonly encoding?: SignatureEncoding } = {},
): Authorizer {
  return {
    authorize(relativeUri) {
      const separator = relativeUri.includes('?') ? '&' : '?';
      const signed = `${relativeUri}${separator}apiKey=${encodeURIComponent(publicKey)}`;
      const signature = signUri(signed, secretKey, options.encoding ?? 'raw');
      return { relativeUri: `${signed}&signature=${encodeURIComponent(signature)}`, headers: {} };
    },
    redact: (text) => redactAll(text, [secretKey, publicKey]),
  };
}

/**
 * The signature of a request URI: base64 of HMAC-SHA1 with the secret key. What is signed is the path
 * relative to the base URL, without a leading slash, and the query up to and including `apiKey`.
 */
export function signUri(relativeUri: string, secretKey: string, encoding: SignatureEncoding): string {
  const digest = createHmac('sha1', secretKey).update(relativeUri, 'utf8').digest();
  if (encoding === 'raw') return digest.toString('base64');
  // The diagram drops the padding.
  return Buffer.from(digest.toString('hex')).toString('base64').replace(/=+$/, '');
}

/** The user a login acts for: a supervisor signs in as `supervisor\user`. */
export function uidOfLogin(login: string): string {
  return login.slice(login.indexOf('\\') + 1);
}

/** Takes secrets out of a text, and what makes a URI a bearer secret: download keys and signatures. */
export function redactAll(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), escapeXml(secret)]);
  let redacted = text;
  for (const form of new Set(forms)) {
    if (form !== '') redacted = redacted.replaceAll(form, '***');
  }
  return redacted
    .replace(/(\b(?:downloadId|signature|apiKey)|[?&](?:amp;)?id)=[^&\s"'<>]*/g, '$1=***')
    .replace(secretInXml, '$1***')
    .replace(secretInJson, '$1***');
}

const secretNames = secretElements.join('|');
const secretInXml = new RegExp(`(<(${secretNames})>)[^<]*`, 'g');
const secretInJson = new RegExp(`("(?:${secretNames})"\\s*:\\s*")[^"]*`, 'g');
