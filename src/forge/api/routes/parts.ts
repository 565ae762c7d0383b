import type { Template } from '../../../appliance/template/model/template.ts';
import type { DtoOfRoot, RootName } from '../../../uforge/dto.ts';
import type { Defined } from '../../appliances/definitions.ts';
import type { Problems } from '../../appliances/parts/dtoFields.ts';
import { dto, empty } from '../http/answer.ts';
import { search } from '../http/query.ts';
import { InstallUris } from '../answers/installUris.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';
import type { Call, Route } from './route.ts';

/** A part as a template has it, and where in its list. */
export interface Kept<T> {
  readonly item: T;
  readonly index: number;
}

/** A kind of part that a template has a list of, and how it is seen and edited as a DTO. */
export interface PartKind<T, D extends object> {
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
  return { record, template, call, uris: new InstallUris(call.uris.appliance(record.id), record.id) };
}

/** Runs `work` on the appliance as it is, whose files stay meanwhile. */
export async function inPlace<R>(call: Call, work: (place: Place) => R | Promise<R>): Promise<R> {
  const record = applianceAt(call);
  using _held = call.forge.revisions.hold(record);
  return await work(placeOf(call, { record, template: await call.forge.definitions.read(record) }));
}

export function getAll<T, D extends object>(kind: PartKind<T, D>, root: RootName): Route {
  return (call) =>
    inPlace(call, async (place) => {
      const items = kind.list(place.template, call);
      return await presentAll(kind, root, items, place);
    });
}

/** The list of every list document has the name of its root. */
export async function presentAll<T, D extends object>(
  kind: PartKind<T, D>,
  root: RootName,
  items: readonly T[],
  place: Place,
) {
  const { query } = place.call;
  const all: D[] = [];
  for (const [index, item] of items.entries()) all.push(await kind.present({ item, index }, place));
  const name = query.get('name');
  const named = name === null ? all : all.filter((each) => 'name' in each && each.name === name);
  const { total, page } = search(named, query);
  return dto(root, { total, [root]: page } as unknown as DtoOfRoot<RootName>);
}

export function get<T, D extends object>(kind: PartKind<T, D>, root: RootName): Route {
  return (call) =>
    inPlace(call, async (place) => {
      const kept = find(kind, kind.list(place.template, call), call);
      return dto(root, (await kind.present(kept, place)) as DtoOfRoot<RootName>);
    });
}

export function create<T, D extends object>(kind: PartKind<T, D>, root: RootName): Route {
  return async (call) => {
    const { id } = applianceAt(call);
    const body = (await call.body(root)) as D;
    const defined = await call.forge.definitions.edit(id, (template, problems) => {
      const items = kind.list(template, call);
      const item = kind.read(body, undefined, { items, template, call, problems });
      if (item === undefined) return template;
      refuseTwins(kind, [...items, item]);
      return kind.replace(template, [...items, item], call);
    });
    return await presentLast(kind, root, defined, call);
  };
}

export function update<T, D extends object>(kind: PartKind<T, D>, root: RootName): Route {
  return async (call) => {
    const { id } = applianceAt(call);
    const body = (await call.body(root)) as D;
    let index = 0;
    const defined = await call.forge.definitions.edit(id, (template, problems) => {
      const items = kind.list(template, call);
      const kept = find(kind, items, call);
      index = kept.index;
      const item = kind.read(body, kept, { items, template, call, problems });
      if (item === undefined) return template;
      const after = items.with(index, item);
      refuseTwins(kind, after);
      return kind.replace(template, after, call);
    });
    return await presentAt(kind, root, defined, index, call);
  };
}

export function remove<T, D extends object>(kind: PartKind<T, D>): Route {
  return async (call) => {
    const { id } = applianceAt(call);
    await call.forge.definitions.edit(id, (template) => {
      const items = kind.list(template, call);
      return kind.replace(template, items.toSpliced(find(kind, items, call).index, 1), call);
    });
    return empty;
  };
}

/** Only those that `which` says, where the operation has parameters to choose by. */
export function removeAll<T, D extends object>(
  kind: PartKind<T, D>,
  which: (kept: Kept<T>, call: Call) => boolean = () => true,
): Route {
  return async (call) => {
    const { id } = applianceAt(call);
    await call.forge.definitions.edit(id, (template) => {
      const items = kind.list(template, call);
      const rest = items.filter((item, index) => !which({ item, index }, call));
      return rest.length === items.length ? template : kind.replace(template, rest, call);
    });
    return empty;
  };
}

export function find<T, D extends object>(kind: PartKind<T, D>, items: readonly T[], call: Call): Kept<T> {
  const id = call.param(kind.param);
  const index = items.findIndex((item, place) => String(kind.idOf(item, place)) === id);
  const item = items[index];
  if (item === undefined) throw notFound(sentence`${kind.noun} with id ${id} not found.`, id);
  return { item, index };
}

async function presentLast<T, D extends object>(
  kind: PartKind<T, D>,
  root: RootName,
  defined: Defined,
  call: Call,
) {
  return await presentAt(kind, root, defined, kind.list(defined.template, call).length - 1, call);
}

async function presentAt<T, D extends object>(
  kind: PartKind<T, D>,
  root: RootName,
  defined: Defined,
  index: number,
  call: Call,
) {
  using _held = call.forge.revisions.hold(defined.record);
  const item = kind.list(defined.template, call)[index];
  if (item === undefined)
    throw new Error(`${String(kind.noun)} ${index} is not in the template it was put into.`);
  return dto(root, (await kind.present({ item, index }, placeOf(call, defined))) as DtoOfRoot<RootName>);
}

/** @throws {Refusal} 409 when two would have the same id, which is to say the same name */
function refuseTwins<T, D extends object>({ noun, idOf }: PartKind<T, D>, items: readonly T[]): void {
  if (new Set(items.map(idOf)).size === items.length) return;
  throw new Refusal(
    'ERROR.APPLIANCE.PART_EXISTS',
    sentence`${noun}: the appliance has one of that name already.`,
  );
}
