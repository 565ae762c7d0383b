import type { DtoOfRoot, RootName } from '../../../uforge/dto.ts';
import type { OperationName } from '../../../uforge/operations.ts';
import { idOf, type Forge } from '../../process/forge.ts';
import type { Answer } from '../http/answer.ts';
import type { Uris } from '../answers/uris.ts';
import type { UserRecord } from '../../store/userStore.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';
import { notFound } from '../refusal.ts';

/** One request for one operation, as a route sees it: checked, authenticated, its path taken apart. */
export interface Call {
  readonly forge: Forge;
  readonly uris: Uris;
  /** The user who asks; undefined where no credentials were needed and none were sent. */
  readonly user: UserRecord | undefined;
  /** Who acts for that user, by right of a supervisor. */
  readonly supervisor: UserRecord | undefined;
  /** The user in the path, whose things they are: the one who asks, if that is known. */
  readonly owner: UserRecord;
  readonly query: URLSearchParams;
  /** Name and port the client reached the forge by. */
  readonly host: string;
  readonly signal: AbortSignal;
  /** A parameter of the operation's path, decoded. */
  readonly param: (name: string) => string;
  /** The body as a DTO. @throws {Refusal} 400, 413, 415 */
  readonly body: <R extends RootName>(root: R) => Promise<DtoOfRoot<R>>;
  /** The body as it comes. */
  readonly bytes: (limit: number) => AsyncIterable<Uint8Array>;
}

export type Route = (call: Call) => Answer | Promise<Answer>;

/** Routes are kept by the name of their operation: method, path and status code come from its row. */
export type Routes = Partial<Readonly<Record<OperationName, Route>>>;

/**
 * What the path names by its id in that parameter. @throws {Refusal} 404, also for what is another user's
 * @param noun what it is called at the beginning of a sentence
 */
export function owned<T extends { readonly ownerId: number }>(
  { owner, param }: Call,
  store: { get(id: number): T | undefined },
  name: string,
  noun: Sentence,
): T {
  const id = param(name);
  const record = store.get(idOf(id));
  if (record?.ownerId !== owner.id) throw notFound(sentence`${noun} with id ${id} not found.`, id);
  return record;
}
