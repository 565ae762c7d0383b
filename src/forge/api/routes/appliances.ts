import type { Template } from '../../../appliance/template/model/template.ts';
import type { Appliance } from '../../../uforge/dto.ts';
import { changedBundles, changedTemplate, newTemplate } from '../../appliances/parts/appliance.ts';
import type { Problems } from '../../appliances/parts/dtoFields.ts';
import type { KnownBundles } from '../../appliances/parts/reusedBundles.ts';
import { idOfBundle, mySoftwareOf } from '../../appliances/parts/software.ts';
import { checkProblems, type Defined } from '../../appliances/definitions.ts';
import { dto, empty } from '../http/answer.ts';
import { flag, listed } from '../http/query.ts';
import { applianceOf } from '../answers/appliance.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';
import { inPlace } from './parts.ts';
import type { Call, Routes } from './route.ts';

export const applianceRoutes: Routes = {
  appliance_getAll: async (call) => {
    const { forge, owner, query } = call;
    const all: Appliance[] = [];
    for (const record of forge.appliances.ofOwner(owner.id)) {
      all.push(await presentAppliance(call, record));
    }
    return listed('appliances', all, query);
  },

  // It lists its images, and their coming and going is no change of the appliance.
  appliance_get: async (call) => {
    const record = call.forge.appliance(call.owner, call.param('aid'));
    return dto('appliance', await presentAppliance(call, record), { lastModified: 'none' });
  },

  appliance_create: async (call) => {
    const { forge, owner } = call;
    const body = await call.body('appliance');
    const problems: Problems = [];
    const template = newTemplate(body, problems);
    const made = await withBundles(call, body, async (known) => {
      const files = changedBundles(body, template, known, problems);
      checkProblems(problems);
      return await forge.definitions.create(owner.id, template, files);
    });
    return answer(call, made);
  },

  appliance_update: async (call) => {
    const { forge, owner } = call;
    const { id } = forge.appliance(owner, call.param('aid'));
    const body = await call.body('appliance');
    const defined = await withBundles(call, body, (known) =>
      forge.definitions.edit(
        id,
        (template, problems) => changedTemplate(body, template, problems),
        (template, problems) => changedBundles(body, template, known, problems),
      ),
    );
    return answer(call, defined);
  },

  /** A clone has a name and a version of its own. */
  appliance_clone: async (call) => {
    const { forge, owner } = call;
    const from = forge.appliance(owner, call.param('aid'));
    const body = await call.body('appliance');
    const problems: Problems = [];
    for (const field of ['name', 'version'] as const) {
      if ((body[field] ?? '').trim() === '') problems.push(sentence`appliance/${field} is missing`);
    }
    const cloned = await forge.definitions.clone(from, (template) => {
      const after = changedTemplate(body, template, problems);
      if (changedBundles(body, template, new Map(), problems) !== undefined) {
        problems.push(sentence`appliance/mySoftwareList: a clone has the software of the other one`);
      }
      checkProblems(problems);
      return after;
    });
    return answer(call, cloned);
  },

  appliance_delete: async ({ forge, owner, param, query }) => {
    await forge.deleteAppliance(forge.appliance(owner, param('aid')), flag(query, 'force'));
    return empty;
  },

  applianceMySoftware_getAll: (call) =>
    inPlace(call, ({ record, template }) => {
      const list = (template.stack.bundles ?? []).map((bundle) => {
        const id = idOfBundle(bundle);
        const applianceUris = [call.uris.appliance(record.id)];
        const more = { size: 0, isOwn: false, imported: true, applianceUris };
        return mySoftwareOf(bundle, id, call.uris.mySoftware(id), more);
      });
      return listed('mySoftwareList', list);
    }),

  /** The forge has no projects: an administrator's software for everybody. */
  applianceProject_getAll: (call) => {
    call.forge.appliance(call.owner, call.param('aid'));
    return listed('projects', []);
  },
};

/** The bundles of the user's appliances, where they are asked for. */
async function withBundles<T>(
  { forge, owner }: Call,
  { mySoftwareList, mySoftwareUris }: Appliance,
  use: (known: KnownBundles) => Promise<T>,
): Promise<T> {
  const isAsked = mySoftwareList !== undefined || mySoftwareUris !== undefined;
  return await (isAsked ? forge.definitions.withBundles(owner.id, use) : use(new Map()));
}

function answer(call: Call, { record, template }: Defined) {
  return dto('appliance', present(call, record, template), { lastModified: 'none' });
}

function present({ forge, uris }: Call, record: ApplianceRecord, template: Template | undefined): Appliance {
  const imageIds = forge.tickets.ofAppliance(record.id).map(({ id }) => id);
  return applianceOf(record, { imageIds, template }, uris);
}

/** With what can be read of its template. */
export async function presentAppliance(call: Call, record: ApplianceRecord): Promise<Appliance> {
  return present(call, record, await call.forge.definitions.peek(record));
}
