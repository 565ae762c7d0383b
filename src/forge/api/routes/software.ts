import { stat } from 'node:fs/promises';
import { templateOfBundle } from '../../../appliance/archive/bundleArchive.ts';
import { archivedSources } from '../../../appliance/archive/layout.ts';
import { sourcePath } from '../../../appliance/archive/unpackTemplate.ts';
import type { Bundle, Template } from '../../../appliance/template/model/template.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { checkProblems } from '../../appliances/definitions.ts';
import type { Problems } from '../../appliances/parts/dtoFields.ts';
import { sizeOfFolder } from '../../appliances/parts/files.ts';
import { idOfBundle, mySoftwareOf, readSoftware, type MySoftware } from '../../appliances/parts/software.ts';
import { idOf } from '../../process/forge.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';
import { dto, empty } from '../http/answer.ts';
import { listed } from '../http/query.ts';
import { notFound, Refusal } from '../refusal.ts';
import { presentAppliance } from './appliances.ts';
import type { Call, Routes } from './route.ts';

/** A bundle of the user, and whose it is. */
export interface Found {
  readonly id: number;
  readonly bundle: Bundle;
  /** Where its sources are. */
  readonly folder: string;
  /** Of software of the user's own. */
  readonly own: ApplianceRecord | undefined;
  /** The appliances that have it. */
  readonly appliances: readonly ApplianceRecord[];
}

/** Software of the user's own, and the bundles of the user's appliances beside it, to be looked at. */
export const softwareRoutes: Routes = {
  mySoftware_getAll: async (call) => {
    const all: MySoftware[] = [];
    for (const each of await allOf(call)) all.push(await present(call, each));
    return listed('mySoftwareList', all, call.query);
  },

  mySoftware_get: async (call) => dto('mySoftware', await present(call, await find(call))),

  mySoftware_create: async (call) => {
    const problems: Problems = [];
    const bundle = readSoftware(await call.body('mySoftware'), undefined, problems);
    checkProblems(problems);
    const { record } = await call.forge.software.definitions.create(call.owner.id, templateOfBundle(bundle));
    return dto('mySoftware', await present(call, await find(call, record.id)));
  },

  mySoftware_update: async (call) => {
    const { id } = ownOf(await find(call));
    const body = await call.body('mySoftware');
    await call.forge.software.definitions.edit(id, (template, problems) =>
      templateOfBundle(readSoftware(body, bundleOf(template), problems)),
    );
    return dto('mySoftware', await present(call, await find(call)));
  },

  /** A clone has a name and a version of its own. */
  mySoftware_clone: async (call) => {
    const from = ownOf(await find(call));
    const body = await call.body('mySoftware');
    const { record } = await call.forge.software.definitions.clone(from, (template) => {
      const problems: Problems = [];
      const after = templateOfBundle(readSoftware(body, bundleOf(template), problems));
      checkProblems(problems);
      return after;
    });
    return dto('mySoftware', await present(call, await find(call, record.id)));
  },

  mySoftware_delete: async (call) => {
    await call.forge.software.delete(ownOf(await find(call)));
    return empty;
  },

  mySoftwareUsage_getAll: async (call) => {
    const { appliances } = await find(call);
    const all = [];
    for (const record of appliances) all.push(await presentAppliance(call, record));
    return listed('appliances', all, call.query);
  },
};

/** By its id in the path, or another one. @throws {Refusal} 404 */
export async function find(call: Call, id = idOf(call.param('msid'))): Promise<Found> {
  const found = (await allOf(call)).find((each) => each.id === id || idOfBundle(each.bundle) === id);
  if (found !== undefined) return found;
  throw notFound(sentence`Software with id ${call.param('msid')} not found.`, call.param('msid'));
}

/** @throws {Refusal} 409 for what only comes with an appliance */
export function ownOf({ own, bundle, appliances }: Found): ApplianceRecord {
  if (own !== undefined) return own;
  throw new Refusal(
    'ERROR.SOFTWARE.OF_APPLIANCE',
    sentence`“${bundle.name}” is part of the appliance “${appliances[0]?.name ?? ''}”. Change it in its template.`,
    { parameters: [bundle.name] },
  );
}

/** The bundle that the template of software is about. */
export function bundleOf({ stack }: Template): Bundle {
  return stack.bundles?.[0] ?? { name: stack.name, version: stack.version, files: [] };
}

async function allOf({ forge, owner }: Call): Promise<Found[]> {
  const found = new Map<number, Found>();
  const { software } = forge;
  for (const own of software.store.ofOwner(owner.id)) {
    const template = await software.definitions.peek(own);
    if (template === undefined) continue;
    const bundle = bundleOf(template);
    const folder = software.data.appliance(own.id, own.revision);
    found.set(idOfBundle(bundle), { id: own.id, bundle, folder, own, appliances: [] });
  }
  for (const record of forge.appliances.ofOwner(owner.id)) {
    const template = await forge.definitions.peek(record);
    const folder = forge.data.appliance(record.id, record.revision);
    for (const bundle of template?.stack.bundles ?? []) {
      const id = idOfBundle(bundle);
      const known = found.get(id) ?? { id, bundle, folder, own: undefined, appliances: [] };
      found.set(id, { ...known, appliances: [...known.appliances, record] });
    }
  }
  return [...found.values()];
}

async function present({ uris }: Call, { id, bundle, folder, own, appliances }: Found): Promise<MySoftware> {
  return mySoftwareOf(bundle, id, uris.mySoftware(id), {
    size: await sizeOf(folder, bundle),
    isOwn: own !== undefined,
    ...(own && { created: own.created, lastModified: own.modified, revision: own.revision }),
    imported: own?.imported ?? true,
    applianceUris: appliances.map((each) => uris.appliance(each.id)),
  });
}

/** Of what is there of its files, bytes. */
async function sizeOf(folder: string, bundle: Bundle): Promise<number> {
  let size = 0;
  for (const { source } of archivedSources(templateOfBundle({ ...bundle, files: topFiles(bundle) }))) {
    const path = sourcePath(folder, source);
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() === true) size += await sizeOfFolder(path);
    else size += found?.size ?? 0;
  }
  return size;
}

/** What the list says more of files in a folder is in the folder. */
function topFiles({ files }: Bundle): Bundle['files'] {
  return files.map((file) => ({ ...file, files: [] }));
}
