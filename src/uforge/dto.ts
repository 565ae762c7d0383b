import type { elements } from './schema/elements.ts';
import type { types } from './schema/types/types.ts';

type Types = typeof types;

/** The name of a complex type, as in the schema: `Image`, `OpStatus` … */
export type TypeName = keyof Types;
/** The name of a root element: `image`, `statuses` … */
export type RootName = keyof typeof elements;

/** A 64-bit integer: a number as long as that is exact, a bigint beyond 2^53. */
export type Long = number | bigint;

/**
 * What the schema's built-in types are here. `base64Binary` is the bytes, `anyURI` is relative to the base
 * URL.
 */
export interface BuiltIns {
  string: string;
  anyURI: string;
  boolean: boolean;
  int: number;
  integer: Long;
  long: Long;
  float: number;
  dateTime: Date;
  base64Binary: Uint8Array;
}

/** A closed list's values complete as such; a newer server's are read as they come. */
type Open<V> = V | (string & {});

type Value<F> = F extends keyof BuiltIns
  ? BuiltIns[F]
  : F extends TypeName
    ? Dto<F>
    : F extends readonly [string, infer Item]
      ? readonly Value<Item>[]
      : F extends { readonly values: readonly (infer V)[] }
        ? Open<V>
        : never;

type Base<T extends TypeName> = Types[T] extends { readonly base: infer B extends TypeName } ? B : never;

type Fields<T extends TypeName> = Types[T]['fields'] &
  ([Base<T>] extends [never] ? unknown : Fields<Base<T>>);

/** Required by the schema; and the list of a list document, which is always there, empty or not. */
type Required<T extends TypeName> =
  | (Types[T] extends { readonly required: readonly (infer R)[] } ? R : never)
  | (Base<T> extends never ? never : 'UForgeObjects' extends Base<T> ? keyof Types[T]['fields'] : never)
  | ([Base<T>] extends [never] ? never : Required<Base<T>>);

/**
 * An object of the protocol, computed from the schema table. Lists are plain arrays, without the wrapper
 * element; everything is optional except what the schema requires. `$type` is `xsi:type`: the concrete type
 * where the schema names a more general one.
 */
export type Dto<T extends TypeName> = {
  readonly [K in keyof Fields<T> as K extends Required<T> ? K : never]: Value<Fields<T>[K]>;
} & {
  readonly [K in keyof Fields<T> as K extends Required<T> ? never : K]?: Value<Fields<T>[K]> | undefined;
} & { readonly $type?: TypeName | undefined };

/** The object a document with this root element holds. */
export type DtoOfRoot<R extends RootName> = Dto<(typeof elements)[R]>;

/**
 * What the list of a list document holds: `ItemOfRoot<'images'>` is an `Image`. Not its lists of plain URIs.
 */
export type ItemOfRoot<R extends RootName> = ItemOf<Types[(typeof elements)[R]]['fields']>;
type ItemOf<F> = {
  [K in keyof F]: F[K] extends readonly [string, infer Item extends TypeName] ? Dto<Item> : never;
}[keyof F];

export type ApiKeyPair = Dto<'APIKeyPair'>;
export type Appliance = Dto<'Appliance'>;
export type ApplianceExport = Dto<'ApplianceExport'>;
export type ApplianceImport = Dto<'ApplianceImport'>;
export type BootScript = Dto<'BootScript'>;
export type Image = Dto<'Image'>;
export type ImageFormat = Dto<'ImageFormat'>;
export type ImagePkg = Dto<'ImagePkg'>;
export type InstallProfile = Dto<'InstallProfile'>;
export type OpStatus = Dto<'OpStatus'>;
export type PublishImage = Dto<'PublishImage'>;
export type TargetFormat = Dto<'TargetFormat'>;
/** The body of an error answer (root element `uforgeError`). */
export type UForgeErrorBody = Dto<'UForgeError'>;
