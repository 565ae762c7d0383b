import type { TypeName } from '../dto.ts';

/**
 * What a document says, whether it came as XML or as JSON. XML repeats an element for each item of a list;
 * JSON has an array; here both are an array under the element's name.
 */
export interface InNode {
  /** Local name of `xsi:type`, as written. */
  readonly type: string | undefined;
  /** `xsi:nil`, or JSON's null. */
  readonly nil: boolean;
  readonly text: string;
  readonly children: ReadonlyMap<string, readonly InNode[]>;
}

/** A document that was read: its root element's local name, namespace if it had one, and content. */
export interface InDocument {
  readonly root: string;
  /** Undefined for JSON, which has none. */
  readonly namespace: string | undefined;
  readonly node: InNode;
}

/** What is to be printed, in schema order. */
export interface OutNode {
  readonly name: string;
  /** The concrete type, where it is not the one the schema names. */
  readonly type?: TypeName;
  readonly content: OutContent;
}

export type OutContent =
  | {
      readonly kind: 'scalar';
      readonly text: string;
      /** A number or boolean in JSON. */ readonly bare: boolean;
    }
  | { readonly kind: 'object'; readonly children: readonly OutNode[] }
  /** A wrapper element around items that are all called `item`. */
  | { readonly kind: 'list'; readonly item: string; readonly items: readonly OutNode[] };

export const uforgeNamespace = 'http://www.usharesoft.com/uforge';
export const xsiNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

/** Bounds of a document, against one that is made to exhaust the reader. */
export interface Bounds {
  /** Characters. */
  readonly maxLength: number;
  /** Nested elements or objects. */
  readonly maxDepth: number;
}

/** The largest documents of the protocol are package lists of some 10 MB; the deepest types nest 12 deep. */
export const defaultBounds: Bounds = { maxLength: 64 * 1024 * 1024, maxDepth: 64 };
