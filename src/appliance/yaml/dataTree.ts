/** A value of a YAML or JSON text by itself: it does not know where it stands, so it can stand in a later text, too. */
export type DataNode = MapNode | ListNode | ScalarNode | AliasNode;

/** A node and how far behind its container's start it begins; of a root, behind the text's start. */
export interface Placed<N extends DataNode = DataNode> {
  readonly at: number;
  readonly node: N;
}

export interface DataPair {
  readonly key: Placed;
  /** Nothing when only the key is there. */
  readonly value: Placed | undefined;
}

export interface MapNode {
  readonly kind: 'map';
  readonly length: number;
  /** Written with brackets. */
  readonly flow: boolean;
  readonly pairs: readonly DataPair[];
}

export interface ListNode {
  readonly kind: 'list';
  readonly length: number;
  readonly flow: boolean;
  readonly items: readonly Placed[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly length: number;
  readonly value: unknown;
  /** As it is written, without quotation marks. */
  readonly source: string | undefined;
  readonly quoted: boolean;
}

export interface AliasNode {
  readonly kind: 'alias';
  readonly length: number;
  /** What it stands for, placed in the text; nothing when nobody has that name. */
  readonly target: () => Placed | undefined;
}

/** What a text holds, so far as it can be read. */
export interface DataDocument {
  readonly root: Placed | undefined;
  readonly errors: readonly DataError[];
}

export interface DataError {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  /** It may be right; there is more of it than is read. */
  readonly isBeyondLimits?: true;
}

/** The same node, counted from where its container's container starts. */
export function placedIn<N extends DataNode>(container: Placed, { at, node }: Placed<N>): Placed<N> {
  return { at: container.at + at, node };
}

/** The name of a key; empty for one that is no scalar. */
export function keyName({ node }: Placed): string {
  return node.kind === 'scalar' ? textOf(node.value) : '';
}

export function textOf(scalar: unknown): string {
  return typeof scalar === 'string' ? scalar : JSON.stringify(scalar);
}

/** The value of a key, placed in the text like the map. */
export function valueOf(map: Placed | undefined, key: string): Placed | undefined {
  if (map?.node.kind !== 'map') return undefined;
  const pair = map.node.pairs.find((each) => keyName(each.key) === key);
  return pair?.value && placedIn(map, pair.value);
}

export function isMap(placed: Placed | undefined): placed is Placed<MapNode> {
  return placed?.node.kind === 'map';
}

export function isList(placed: Placed | undefined): placed is Placed<ListNode> {
  return placed?.node.kind === 'list';
}

export function isScalar(placed: Placed | undefined): placed is Placed<ScalarNode> {
  return placed?.node.kind === 'scalar';
}
