import { fromTree, type DecodeProblem } from './fromTree.ts';
import { parseJson, printJson } from './json.ts';
import { toTree } from './toTree.ts';
import { defaultBounds, type Bounds, type InDocument } from './tree.ts';
import { parseXml } from './parseXml.ts';
import { printXml } from './printXml.ts';
import type { DtoOfRoot, RootName } from '../dto.ts';
import { UForgeError } from '../errors.ts';
import { isSubtype, rootType, type TypeInfo } from '../schema/table.ts';

export { defaultBounds, uforgeNamespace } from './tree.ts';

/** The two representations every DTO operation knows, both ways. */
export type MediaType = 'application/xml' | 'application/json';

/** A document that was read. `root` tells which DTO `value` is; `problems` what was passed over. */
type Decoded = {
  readonly [R in RootName]: {
    readonly root: R;
    readonly value: DtoOfRoot<R>;
    readonly problems: readonly DecodeProblem[];
  };
}[RootName];

/**
 * The media type of a Content-Type header that is one of the two, with or without parameters; else undefined.
 */
export function mediaTypeOf(contentType: string | undefined): MediaType | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/xml' || type === 'text/xml' || /^application\/[\w.-]+\+xml$/.test(type)) {
    return 'application/xml';
  }
  if (type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type)) return 'application/json';
  return undefined;
}

/** As `mediaTypeOf`; for a body with no or a meaningless Content-Type, by how it starts. */
export function mediaTypeIn(text: string, contentType: string | undefined): MediaType | undefined {
  const declared = mediaTypeOf(contentType);
  if (declared !== undefined) return declared;
  if (contentType !== undefined && !/^(text\/plain|application\/octet-stream)\b/i.test(contentType))
    return undefined;
  if (/^\s*\{/.test(text)) return 'application/json';
  return /^\s*<(\?xml|\w+:\w)/.test(text) ? 'application/xml' : undefined;
}

/**
 * Writes a DTO: strict schema order, only the root element in UForge's namespace. Throws `UForgeError`
 * `invalid` naming the path of what the schema does not allow.
 */
export function encodeXml<R extends RootName>(root: R, dto: DtoOfRoot<R>): string {
  return printXml(toTree(root, dto));
}

/** Writes a DTO as UForge's JSON: `{"image": {…}}`. Errors as in `encodeXml`. */
export function encodeJson<R extends RootName>(root: R, dto: DtoOfRoot<R>): string {
  return printJson(toTree(root, dto));
}

export function encode<R extends RootName>(root: R, dto: DtoOfRoot<R>, mediaType: MediaType): string {
  return mediaType === 'application/xml' ? encodeXml(root, dto) : encodeJson(root, dto);
}

/**
 * Reads an XML document: any order, unknown elements and values tolerated. Throws `UForgeError` `protocol`
 * for what is not well-formed, has a DTD, an unknown root, or is beyond the bounds.
 */
export function decodeXml(text: string, bounds: Bounds = defaultBounds): Decoded {
  return fromTree(parseXml(text, bounds)) as Decoded;
}

/** Reads a JSON document; otherwise as `decodeXml`. */
export function decodeJson(text: string, bounds: Bounds = defaultBounds): Decoded {
  return fromTree(parseJson(text, bounds)) as Decoded;
}

export function decode(text: string, mediaType: MediaType, bounds: Bounds = defaultBounds): Decoded {
  return mediaType === 'application/xml' ? decodeXml(text, bounds) : decodeJson(text, bounds);
}

/**
 * As `decode`, for a document that must have that root element, or that of a more special type: an OS profile
 * comes as `linuxProfile` as well as with `xsi:type`. Any other one is a `protocol` error.
 */
export function decodeAs<R extends RootName>(root: R, text: string, mediaType: MediaType): DtoOfRoot<R> {
  const document =
    mediaType === 'application/xml' ? parseXml(text, defaultBounds) : parseJson(text, defaultBounds);
  const found = rootType(document.root);
  if (found === undefined || !isSubtype(found.name, rootType(root).name)) {
    throw new UForgeError('protocol', `Expected the element "${root}", not "${document.root}".`);
  }
  // By way of unknown: to compare all that a document may hold with one of them costs the compiler seconds.
  return fromTree(document.root === root ? document : asKindOf(root, found, document)).value as DtoOfRoot<R>;
}

function asKindOf(root: RootName, { name }: TypeInfo, { namespace, node }: InDocument): InDocument {
  return { root, namespace, node: { ...node, type: node.type ?? name } };
}

/** What an empty document with that root holds: nothing, or an empty list. */
export function emptyDto<R extends RootName>(root: R): DtoOfRoot<R> {
  const node = { type: undefined, nil: false, text: '', children: new Map() };
  return fromTree({ root, namespace: undefined, node }).value as DtoOfRoot<R>;
}
