import { AwsV4Signer } from 'aws4fetch';
import { XMLParser } from 'fast-xml-parser';
import { withRetries } from '../../../uforge/client/retry.ts';
import type { Dto, PublishImage } from '../../../uforge/dto.ts';
import { UForgeError } from '../../../uforge/errors.ts';
import { isRecord } from '../../../uforge/isRecord.ts';
import { PlatformError } from '../platformError.ts';
import { jsonOf, type PlatformAnswer } from '../platformHttp.ts';
import type { PlatformContext } from '../publisher.ts';

interface EbsRequest {
  readonly method: 'POST' | 'PUT';
  /** Below `/snapshots`. */
  readonly path: string;
  readonly to: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

type Fields = Readonly<Record<string, unknown>>;

/** AWS’s own tools read it, too: every service is asked there. */
const endpointVariable = 'AWS_ENDPOINT_URL';
const ec2Version = '2016-11-15';
/** AWS asks to be asked again so often. */
const attempts = 5;
/** Statuses of refusals, which say why; the others are tried again or are no answer of AWS. */
const refusals = [400, 401, 402, 403, 404, 405, 409];

/** EC2 and the EBS direct API in a region, with requests signed by an account’s key (Signature Version 4). */
export class AwsClient {
  readonly #context: PlatformContext;
  readonly #region: string;
  readonly #xml = new XMLParser({
    parseTagValue: false,
    // EC2 says `item` for what there may be several of.
    isArray: (name) => name === 'item',
  });

  constructor(context: PlatformContext, region: string) {
    this.#context = context;
    this.#region = region;
  }

  /** An action of EC2 and what its answer holds. */
  async ec2(action: string, parameters: Readonly<Record<string, string>>, to: string): Promise<Fields> {
    const body = new URLSearchParams({ Action: action, Version: ec2Version, ...parameters }).toString();
    const { text } = await this.#send('ec2', {
      ...{ method: 'POST', path: '/', to, body: Buffer.from(body) },
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    });
    const parsed: unknown = this.#xml.parse(text);
    const answer = isRecord(parsed) ? parsed[`${action}Response`] : undefined;
    if (isRecord(answer)) return answer;
    throw new PlatformError('What answers is no EC2.', { detail: text.slice(0, 4000) });
  }

  /** A request to the EBS direct API and what its answer holds. */
  async ebs(request: EbsRequest): Promise<Fields> {
    const answer = await this.#send('ebs', { ...request, path: `/snapshots${request.path}` });
    const body = jsonOf(answer);
    return isRecord(body) ? body : {};
  }

  /** A request is safe to send again: those that make something carry a token that AWS makes it once by. */
  async #send(service: 'ec2' | 'ebs', request: EbsRequest): Promise<PlatformAnswer> {
    const { signal, clock } = this.#context;
    const once = async (): Promise<PlatformAnswer> => {
      const answer = await this.#sendSigned(service, request);
      if (answer.status < 300) return answer;
      const code = codeOf(answer);
      const refusal = this.#refusal(code, request.to, answer);
      if (!/Throttl|RequestLimitExceeded/.test(code)) throw refusal;
      throw new UForgeError('server', refusal.message, { status: 429, detail: refusal.detail });
    };
    return await withRetries(once, { clock, attempts, signal }).catch((error: unknown) => {
      if (!(error instanceof UForgeError)) throw error;
      throw new PlatformError(error.message, { detail: error.detail, cause: error });
    });
  }

  async #sendSigned(
    service: 'ec2' | 'ebs',
    { method, path, to, headers, body }: EbsRequest,
  ): Promise<PlatformAnswer> {
    const { account, env, http, signal } = this.#context;
    const { accessKeyId = '', secretAccessKeyId = '' } = (account ?? {}) as Dto<'CredAccountAws'>;
    const suffix = this.#region.startsWith('cn-') ? '.cn' : '';
    const base = env[endpointVariable] ?? `https://${service}.${this.#region}.amazonaws.com${suffix}`;
    const signed = await new AwsV4Signer({
      ...{ method, url: new URL(path, base).href, service, region: this.#region },
      ...{ accessKeyId, secretAccessKey: secretAccessKeyId },
      ...(headers && { headers }),
      ...(body && { body: Buffer.from(body) }),
    }).sign();
    return await http.send({
      ...{ method, to, signal, url: signed.url, headers: Object.fromEntries(signed.headers) },
      ...(body && { body }),
      accepts: refusals,
    });
  }

  #refusal(code: string, to: string, { status, text }: PlatformAnswer): PlatformError {
    const detail = `HTTP ${status} ${code}\n${text.slice(0, 4000)}`;
    return new PlatformError(sentenceOf(code, to, this.#region), { status, detail });
  }
}

/** Where in AWS a publication is. */
export function regionOf(request: PublishImage): string {
  const { region = '' } = request as Dto<'PublishImageAws'>;
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return region;
  throw new PlatformError('Say in region where in AWS the image is to be, for example eu-west-1.');
}

/** What a request gives; nothing where AWS does not know what it is about. @param code how AWS says so, or its beginning */
export async function unlessGone<T>(asked: Promise<T>, code: string): Promise<T | undefined> {
  return await asked.catch((error: unknown) => {
    if (error instanceof PlatformError && error.detail?.includes(code) === true) return undefined;
    throw error;
  });
}

/** What is in a set of EC2’s. */
export function itemsOf(set: unknown): readonly Fields[] {
  const items: unknown = isRecord(set) ? set['item'] : undefined;
  return Array.isArray(items) ? items.filter(isRecord) : [];
}

function codeOf({ headers, text }: PlatformAnswer): string {
  const json = headers['x-amzn-errortype'] ?? /"(?:__type|code)"\s*:\s*"(?:[^"#]*#)?(\w+)/.exec(text)?.[1];
  return (json ?? /<Code>([\w.]+)<\/Code>/.exec(text)?.[1] ?? '').replace(/:.*/, '');
}

function sentenceOf(code: string, to: string, region: string): string {
  if (
    /AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient|IncompleteSignature/.test(code)
  ) {
    return 'AWS does not accept the account’s access key.';
  }
  if (/UnauthorizedOperation|AccessDenied|OptInRequired/.test(code)) {
    return `AWS does not allow this account to ${to} in ${region}.`;
  }
  if (/LimitExceeded|QuotaExceeded/.test(code)) {
    return `The account has reached a limit of AWS in ${region}, which refused to ${to}.`;
  }
  if (code === 'InvalidAMIName.Duplicate') return `There is an AMI of that name in ${region} already.`;
  return `AWS refused to ${to} in ${region}${code === '' ? '' : ` (${code})`}.`;
}
