import { sentence, type Sentence } from '../../uforge/language/sentence.ts';
import { PlatformError } from '../publishing/platformError.ts';

/**
 * Why a request is answered with an error: the sentence for a person and the id that stays the same for code.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Language-independent, stable for one kind of error. */
  readonly messageId: MessageId;
  /** What the sentence is about, in the order it names them. */
  readonly parameters: readonly string[];
  /** The message, in whatever language. */
  readonly sentence: Sentence;
  /** Extra headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(messageId: MessageId, sentence: Sentence, init: RefusalInit = {}) {
    super(sentence.toString(), init.cause === undefined ? undefined : { cause: init.cause });
    this.status = statusOf[messageId];
    this.messageId = messageId;
    this.sentence = sentence;
    this.parameters = init.parameters ?? [];
    this.headers = init.headers ?? {};
  }
}

export interface RefusalInit {
  readonly parameters?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * Every kind of refusal and its status code. `ERROR.AUTHENTICATION.INVALID` is UForge's own; no list of the
 * others is published, so they are ours, in its style, and so are the codes the documentation leaves open.
 */
const statusOf = {
  'ERROR.AUTHENTICATION.INVALID': 401,
  'ERROR.AUTHENTICATION.TOO_MANY': 429,
  'ERROR.AUTHORIZATION.ENTITLEMENT': 403,
  'ERROR.AUTHORIZATION.OTHER_USER': 403,
  'ERROR.AUTHORIZATION.HOST': 403,
  'ERROR.AUTHORIZATION.ORIGIN': 403,
  'ERROR.DOWNLOAD.KEY': 403,
  'ERROR.QUOTA.EXCEEDED': 403,
  'ERROR.REQUEST.BODY': 400,
  'ERROR.REQUEST.QUERY': 400,
  'ERROR.REQUEST.TOO_LARGE': 413,
  'ERROR.REQUEST.MEDIA_TYPE': 415,
  'ERROR.REQUEST.ACCEPT': 406,
  'ERROR.REQUEST.METHOD': 405,
  'ERROR.REQUEST.RANGE': 416,
  'ERROR.REQUEST.TOO_MANY': 429,
  'ERROR.RESOURCE.NOT_FOUND': 404,
  'ERROR.OPERATION.NOT_SERVED': 501,
  'ERROR.PUBLICATION.KIND': 400,
  'ERROR.PUBLICATION.IMAGE': 400,
  'ERROR.PUBLICATION.ACCOUNT': 400,
  'ERROR.PUBLICATION.NOT_PUBLISHING': 409,
  'ERROR.PUBLICATION.NOT_PUBLISHED': 409,
  'ERROR.PLATFORM.REFUSED': 409,
  'ERROR.CREDACCOUNT.KIND': 400,
  'ERROR.CREDACCOUNT.NAME': 400,
  'ERROR.CREDACCOUNT.ALREADY_EXISTS': 409,
  'ERROR.APPLIANCE.NO_OS_PROFILE': 400,
  'ERROR.APPLIANCE.DEFINITION': 400,
  'ERROR.APPLIANCE.INCOMPLETE': 400,
  'ERROR.APPLIANCE.EXISTS': 409,
  'ERROR.APPLIANCE.PART_EXISTS': 409,
  'ERROR.SOFTWARE.OF_APPLIANCE': 409,
  'ERROR.APPLIANCE.IN_USE': 409,
  'ERROR.APPLIANCE.UNREADABLE': 409,
  'ERROR.EXPORT.NOT_READY': 409,
  'ERROR.EXPORT.NOT_EXPORTING': 409,
  'ERROR.IMPORT.ALREADY_UPLOADED': 409,
  'ERROR.IMAGE.TARGET_FORMAT': 400,
  'ERROR.IMAGE.NOT_BUILDABLE': 400,
  'ERROR.IMAGE.ALREADY_GENERATING': 409,
  'ERROR.IMAGE.NOT_GENERATING': 409,
  'ERROR.IMAGE.PASSWORD_FORGOTTEN': 409,
  'ERROR.IMAGE.NOT_READY': 409,
  'ERROR.SERVER.MISSING_TOOLS': 503,
  'ERROR.SERVER.NO_PACKAGE_INDEX': 503,
  'ERROR.SERVER.STOPPING': 503,
  'ERROR.SERVER.DISK_FULL': 507,
  'ERROR.SERVER.UNEXPECTED': 500,
} as const;

export type MessageId = keyof typeof statusOf;

/** Nothing is there under this address. */
export function notFound(sentence: Sentence, ...parameters: string[]): Refusal {
  return new Refusal('ERROR.RESOURCE.NOT_FOUND', sentence, { parameters });
}

/** What a platform did not do, as the answer of who asked for it. */
export async function orRefusal<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    throw new Refusal('ERROR.PLATFORM.REFUSED', sentence`${error.message}`, { cause: error });
  }
}
