import type { Sentence } from '../../uforge/language/sentence.ts';

/** A value of a YAML or JSON text. */
export type DataNode = MapNode | ListNode | ScalarNode | AliasNode;

/** Where a node is: offsets into the text, the second behind its last visible character. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export interface DataPair {
  readonly key: DataNode;
  /** Nothing when only the key is there. */
  readonly value: DataNode | undefined;
}

export interface MapNode extends Span {
  readonly kind: 'map';
  /** Written with brackets. */
  readonly flow: boolean;
  readonly pairs: readonly DataPair[];
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly DataNode[];
}

export interface ScalarNode extends Span {
  readonly kind: 'scalar';
  readonly value: unknown;
  /** As it is written, without quotation marks. */
  readonly source: string | undefined;
  readonly quoted: boolean;
}

interface AliasNode extends Span {
  readonly kind: 'alias';
  /** What it stands for; nothing when nobody has that name. */
  readonly target: () => DataNode | undefined;
}

/** What a text holds, so far as it can be read. */
export interface DataDocument {
  readonly root: DataNode | undefined;
  readonly errors: readonly DataError[];
}

export interface DataError extends Span {
  readonly message: Sentence;
  /** It may be right; there is more of it than is read. */
  readonly isBeyondLimits?: true;
}

/** The name of a key; empty for one that is no scalar. */
export function keyName(key: DataNode): string {
  return key.kind === 'scalar' ? textOf(key.value) : '';
}

export function textOf(scalar: unknown): string {
  return typeof scalar === 'string' ? scalar : JSON.stringify(scalar);
}

/** The value of a key. */
export function valueOf(map: DataNode | undefined, key: string): DataNode | undefined {
  return isMap(map) ? map.pairs.find((pair) => keyName(pair.key) === key)?.value : undefined;
}

export function isMap(node: DataNode | undefined): node is MapNode {
  return node?.kind === 'map';
}

export function isList(node: DataNode | undefined): node is ListNode {
  return node?.kind === 'list';
}

export function isScalar(node: DataNode | undefined): node is ScalarNode {
  return node?.kind === 'scalar';
}
