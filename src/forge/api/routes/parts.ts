import type { Template } from '../../../appliance/template/model/template.ts';
import type { DtoOfRoot, RootName } from '../../../uforge/dto.ts';
import type { Defined } from '../../appliances/definitions.ts';
import type { Problems } from '../../appliances/parts/dtoFields.ts';
import { operations, type OperationName } from '../../../uforge/operations.ts';
import { dto, empty, type DtoAnswer } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { installUrisOf, type InstallUris } from '../answers/installUris.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';
import type { Call, Route, Routes } from './route.ts';

/** A part as a template has it, and where in its list. */
export interface Kept<T> {
  readonly item: T;
  readonly index: number;
}

/** What the names of a kind of part's operations begin with. */
type Operations = {
  [N in OperationName]: N extends `${infer Kind}_getAll`
    ? `${Kind}_create` extends OperationName
      ? `${Kind}_get` extends OperationName
        ? Kind
        : never
      : never
    : never;
}[OperationName];

/** A kind of part that a template has a list of, and how it is seen and edited as a DTO. */
export interface PartKind<T, D extends object> {
  readonly operations: Operations;
  /** What one is called at the beginning of a sentence. */
  readonly noun: Sentence;
  /** The parameter of the path that holds its id. */
  readonly param: string;
  readonly idOf: (item: T, index: number) => number;
  /** @throws {Refusal} 404 when that is not there what they are parts of */
  readonly list: (template: Template, call: Call) => readonly T[];
  readonly replace: (template: Template, items: readonly T[], call: Call) => Template;
  readonly present: (kept: Kept<T>, place: Place) => D | Promise<D>;
  /** @returns undefined when the problems say why not */
  readonly read: (dto: D, kept: Kept<T> | undefined, context: ReadContext<T>) => T | undefined;
  /** Whether the list is what the forge makes of itself, as long as nobody says otherwise. */
  readonly isAutomatic?: (template: Template) => boolean;
  /** Whether `…_deleteAll` means it, where that has parameters to choose by. */
  readonly isChosen?: (item: T, call: Call) => boolean;
}

/** Whose part it is. */
export interface Place extends Defined {
  readonly call: Call;
  readonly uris: InstallUris;
}

interface ReadContext<T> {
  readonly items: readonly T[];
  readonly template: Template;
  readonly call: Call;
  readonly problems: Problems;
}

/** @throws {Refusal} 404, also for an install profile or a partition table that is not the appliance's */
export function applianceAt({ forge, owner, param }: Call): ApplianceRecord {
  const record = forge.appliance(owner, param('aid'));
  for (const [name, noun] of [
    ['ipid', sentence`Install profile`],
    ['ptid', sentence`Partition table`],
  ] as const) {
    const id = param(name);
    if (id !== '' && id !== String(record.id)) throw notFound(sentence`${noun} with id ${id} not found.`, id);
  }
  return record;
}

export function placeOf(call: Call, { record, template }: Defined): Place {
  return { record, template, call, uris: installUrisOf(call.uris.appliance(record.id), record.id) };
}

/** Runs `work` on the appliance as it is, whose files stay meanwhile. */
export async function inPlace<R>(call: Call, work: (place: Place) => R | Promise<R>): Promise<R> {
  const record = applianceAt(call);
  using _held = call.forge.revisions.hold(record);
  return await work(placeOf(call, { record, template: await call.forge.definitions.read(record) }));
}

/** The operations of a kind of part, as far as it has them. */
export function partRoutes<T, D extends object>(kind: PartKind<T, D>): Routes {
  const routes: Readonly<Record<string, Route>> = {
    getAll: (call) => inPlace(call, (place) => presentAll(kind, kind.list(place.template, call), place)),
    get: (call) =>
      inPlace(call, (place) => present(kind, find(kind, kind.list(place.template, call), call), place)),
    create: (call) => put(kind, call, () => undefined),
    update: (call) => put(kind, call, (items) => find(kind, items, call)),
    delete: async (call) => {
      const { id } = applianceAt(call);
      await call.forge.definitions.edit(id, (template) => {
        const items = kind.list(template, call);
        return kind.replace(template, items.toSpliced(find(kind, items, call).index, 1), call);
      });
      return empty;
    },
    deleteAll: async (call) => {
      const { id } = applianceAt(call);
      await call.forge.definitions.edit(id, (template) => {
        const items = kind.list(template, call);
        const rest = items.filter((item) => kind.isChosen?.(item, call) === false);
        return rest.length === items.length ? template : kind.replace(template, rest, call);
      });
      return empty;
    },
  };
  const named = Object.entries(routes).map(([verb, route]) => [`${kind.operations}_${verb}`, route] as const);
  return Object.fromEntries(named.filter(([name]) => name in operations));
}

export async function presentAll<T, D extends object>(
  kind: PartKind<T, D>,
  items: readonly T[],
  place: Place,
): Promise<DtoAnswer> {
  const { query } = place.call;
  const all: D[] = [];
  for (const [index, item] of items.entries()) all.push(await kind.present({ item, index }, place));
  const name = query.get('name');
  const named = name === null ? all : all.filter((each) => 'name' in each && each.name === name);
  return listed(operations[`${kind.operations}_getAll`].responseRoot, named as never, query);
}

async function present<T, D extends object>(
  kind: PartKind<T, D>,
  kept: Kept<T>,
  place: Place,
): Promise<DtoAnswer> {
  return dto(rootOf(kind), (await kind.present(kept, place)) as DtoOfRoot<RootName>);
}

function rootOf<T, D extends object>(kind: PartKind<T, D>): RootName {
  return operations[`${kind.operations}_get`].responseRoot;
}

/** Puts a part in the place of the one that `findKept` finds, or behind all others. */
async function put<T, D extends object>(
  kind: PartKind<T, D>,
  call: Call,
  findKept: (items: readonly T[]) => Kept<T> | undefined,
): Promise<DtoAnswer> {
  const { id } = applianceAt(call);
  const body = (await call.body(rootOf(kind))) as D;
  let index = 0;
  const defined = await call.forge.definitions.edit(id, (template, problems) => {
    const shown = kind.list(template, call);
    const kept = findKept(shown);
    const items = kept === undefined && kind.isAutomatic?.(template) === true ? [] : shown;
    index = kept?.index ?? items.length;
    const item = kind.read(body, kept, { items, template, call, problems });
    if (item === undefined) return template;
    const after = items.toSpliced(index, 1, item);
    refuseTwins(kind, after);
    return kind.replace(template, after, call);
  });
  using _held = call.forge.revisions.hold(defined.record);
  const item = kind.list(defined.template, call)[index];
  if (item === undefined)
    throw new Error(`${String(kind.noun)} ${index} is not in the template it was put into.`);
  return await present(kind, { item, index }, placeOf(call, defined));
}

export function find<T, D extends object>(kind: PartKind<T, D>, items: readonly T[], call: Call): Kept<T> {
  const id = call.param(kind.param);
  const index = items.findIndex((item, place) => String(kind.idOf(item, place)) === id);
  const item = items[index];
  if (item === undefined) throw notFound(sentence`${kind.noun} with id ${id} not found.`, id);
  return { item, index };
}

/** @throws {Refusal} 409 when two would have the same id, which is to say the same name */
function refuseTwins<T, D extends object>({ noun, idOf }: PartKind<T, D>, items: readonly T[]): void {
  if (new Set(items.map(idOf)).size === items.length) return;
  throw new Refusal(
    'ERROR.APPLIANCE.PART_EXISTS',
    sentence`${noun}: the appliance has one of that name already.`,
  );
}
