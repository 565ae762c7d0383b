import type { RootName } from './dto.ts';
import { applianceOperations } from './schema/applianceOperations.ts';
import { appliancePartOperations } from './schema/appliancePartOperations.ts';
import { imageOperations } from './schema/imageOperations.ts';
import { softwareOperations } from './schema/softwareOperations.ts';
import { serverOperations } from './schema/serverOperations.ts';

/** One operation of the protocol, for the client that calls it and the forge that serves it. */
export interface Operation {
  readonly name: OperationName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /**
   * Relative to the base URL; `{name}` is one path segment, except `{filepath}`, which is the rest of the
   * path.
   */
  readonly path: string;
  /** Query parameters it knows. `img` and `ai` may be repeated. */
  readonly query?: readonly string[];
  /**
   * Query parameters that the documentation spells in two ways, with the other one. Sent in both, read in
   * either.
   */
  readonly alsoSpelt?: Readonly<Record<string, string>>;
  /** Root element of the request's body. */
  readonly requestRoot?: RootName;
  /** The request's body is bytes as they are. */
  readonly requestBytes?: true;
  /** Root element of the answer's body. */
  readonly responseRoot?: RootName;
  /** The answer's body is bytes as they are. */
  readonly responseBytes?: true;
  /** The status code of success: GET 200 (or 304), POST 201, PUT 200, DELETE 204, or 200 when it answers. */
  readonly success: 200 | 201 | 204;
  /** What a user must be entitled to; one of them is enough. */
  readonly entitlements?: readonly string[];
  /** Needs no credentials. */
  readonly anonymous?: true;
}

const rows = {
  ...imageOperations,
  ...applianceOperations,
  ...appliancePartOperations,
  ...softwareOperations,
  ...serverOperations,
};

/** The rows as literals: what the client's method types are computed from. */
export type OperationRows = typeof rows;
export type OperationName = keyof OperationRows;

type Row = Omit<Operation, 'name' | 'success'>;

function successOf(row: Row): Operation['success'] {
  if (row.method === 'POST') return 201;
  return row.method === 'DELETE' && row.responseRoot === undefined ? 204 : 200;
}

/** Every operation, by its name. Source: application.wadl and the API pages of UForge 3.8. */
export const operations = Object.fromEntries(
  Object.entries<Row>(rows).map(([name, row]) => [name, { ...row, name, success: successOf(row) }]),
) as unknown as { readonly [N in OperationName]: Operation & OperationRows[N] & { readonly name: N } };

/**
 * Every operation, in no order: literal path segments must still win over parameters when they are matched.
 */
export const allOperations: readonly Operation[] = Object.values<Operation>(operations);
