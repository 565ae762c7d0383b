import type { MediaType } from '../../../uforge/codec/codec.ts';
import type { DtoOfRoot, RootName } from '../../../uforge/dto.ts';
import type { Sentence } from '../../../uforge/language/sentence.ts';

/** What a route answers; how it goes over the wire is `respond.ts`'s business. */
export type Answer = DtoAnswer | FileAnswer | BytesAnswer | TextAnswer | EmptyAnswer;

export interface DtoAnswer {
  readonly kind: 'dto';
  readonly root: RootName;
  readonly value: DtoOfRoot<RootName>;
  /** Missing where no date of its own can tell all that changes, as in lists, which get shorter too. */
  readonly lastModified?: Date | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** As it was written: an answer that is given again is not written again. */
  readonly written: Map<MediaType, Representation>;
}

/** A document as it goes over the wire. */
export interface Representation {
  readonly body: Buffer;
  readonly etag: string;
}

/** A file as it lies on the disk: with ranges and validators. */
export interface FileAnswer {
  readonly kind: 'file';
  readonly path: string;
  /** The sentence for a person when the file is not there any more. */
  readonly missing: Sentence;
  readonly fileName: string;
  readonly mimeType: string;
  /** Of the whole file, lower-case hex; also its ETag. */
  readonly sha256: string;
  readonly lastModified: Date;
  /** Called once the request is known to be good and nothing has been sent yet; may refuse it. */
  readonly onSend?: () => void;
}

/** Something made for this very answer. */
export interface BytesAnswer {
  readonly kind: 'bytes';
  readonly body: Buffer;
  readonly mimeType: string;
}

/** A log: text that may still grow. */
export interface TextAnswer {
  readonly kind: 'text';
  readonly path: string;
  /** The sentence for a person when the file is not there. */
  readonly missing: Sentence;
}

export interface EmptyAnswer {
  readonly kind: 'empty';
}

export const empty: EmptyAnswer = { kind: 'empty' };

/**
 * An answer with a DTO; its `lastModified` becomes the header of that name, unless another date or none is
 * given.
 */
export function dto<R extends RootName>(
  root: R,
  value: DtoOfRoot<R>,
  init: {
    readonly lastModified?: Date | 'none';
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): DtoAnswer {
  const own = (value as { readonly lastModified?: Date | undefined }).lastModified;
  const lastModified = init.lastModified ?? own;
  return {
    kind: 'dto',
    root,
    value,
    ...(lastModified !== undefined && lastModified !== 'none' && { lastModified }),
    ...(init.headers && { headers: init.headers }),
    written: new Map(),
  };
}
