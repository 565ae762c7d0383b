import type { Long, RootName } from '../dto.ts';
import { UForgeError } from '../errors.ts';
import type { Operation } from '../operations.ts';
import { isTypeName, rootType } from '../schema/table.ts';

/** Two of the parameters of a search. */
interface PageParams {
  readonly count: number;
  readonly offset: number;
}

const defaultPageSize = 100;

/**
 * All items of a paged list, a page at a time. The documentation says neither whether `offset` counts items
 * or pages nor how large a page may be, and a server may ignore both: so it goes on from what really came,
 * gives each item once, and tries `offset` as a page's number where items are missing. Ends at the server's
 * `total`; a server that gives less fails, because half a list must not look like a whole one.
 */
export async function* walk(
  operation: Operation,
  ask: (page: PageParams) => Promise<unknown>,
  pageSize = defaultPageSize,
): AsyncGenerator {
  const { responseRoot } = operation;
  if (responseRoot === undefined) throw new TypeError(`${operation.name} has no list.`);
  const listName = listOf(responseRoot);
  const seen = new Set<string>();
  let last: string | undefined;
  let received = 0;
  let byPage = false;
  for (let page = 0; ; page++) {
    const offset = byPage ? page : received;
    const { items, total } = read(await ask({ count: pageSize, offset }), listName);
    const content = items.map(contentOf).join();
    const fresh = content === last ? [] : items.filter((item) => isFirst(item, seen));
    last = content;
    yield* fresh;
    const isNews = fresh.length > 0;
    if (isNews) received += items.length;
    if (total === undefined ? !isNews || items.length > pageSize : received >= total) return;
    if (isNews) continue;
    if (byPage || received === 0) throw tooFew(operation, received, total);
    // The next page by its number: as many come before it as fit into what is here.
    byPage = true;
    page = Math.ceil(received / pageSize) - 1;
  }
}

/** The one list of objects in a list document. */
function listOf(root: RootName): string {
  for (const field of rootType(root).fields.values()) {
    if (field.kind === 'list' && isTypeName(field.itemType)) return field.name;
  }
  throw new TypeError(`The element ${root} has no list.`);
}

function read(document: unknown, listName: string): { items: readonly unknown[]; total: Long | undefined } {
  const dto = document as Readonly<Record<string, unknown>>;
  return {
    items: (dto[listName] ?? []) as readonly unknown[],
    total: dto['total'] as Long | undefined,
  };
}

function isFirst(item: unknown, seen: Set<string>): boolean {
  const id = idOf(item);
  if (id === undefined) return true;
  const { size } = seen;
  return seen.add(id).size > size;
}

/** What tells an item from the others of its list; undefined for one that has nothing of the kind. */
function idOf(item: unknown): string | undefined {
  const { dbId, uri } = item as { readonly dbId?: Long; readonly uri?: string };
  return dbId === undefined ? uri : String(dbId);
}

/** The same for the same item, also for one without an id. */
function contentOf(item: unknown): string {
  return (
    idOf(item) ??
    JSON.stringify(item, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  );
}

function tooFew(operation: Operation, received: number, total: Long | undefined): UForgeError {
  return new UForgeError(
    'protocol',
    `The server says that ${operation.name} has ${String(total)} items, but gives only ${received} of them.`,
  );
}
