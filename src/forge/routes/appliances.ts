import { dto, empty } from '../http/answer.ts';
import { flag, search } from '../http/query.ts';
import { applianceOf } from '../present/appliance.ts';
import type { Call, Routes } from './route.ts';
import type { ApplianceRecord } from '../store/applianceStore.ts';
import type { Appliance } from '../../uforge/dto.ts';

export const applianceRoutes: Routes = {
  appliance_getAll: (call) => {
    const all = call.forge.appliances.ofOwner(call.owner.id).map((record) => present(call, record));
    const { total, page } = search(all, call.query);
    return dto('appliances', { total, appliances: page });
  },

  // It lists its images, and their coming and going is no change of the appliance.
  appliance_get: (call) =>
    dto('appliance', present(call, call.forge.appliance(call.owner, call.param('aid'))), {
      lastModified: 'none',
    }),

  appliance_delete: async ({ forge, owner, param, query }) => {
    await forge.deleteAppliance(forge.appliance(owner, param('aid')), flag(query, 'force'));
    return empty;
  },
};

function present({ forge, uris }: Call, record: ApplianceRecord): Appliance {
  const ids = forge.tickets.ofAppliance(record.id).map(({ id }) => id);
  return applianceOf(record, ids, uris);
}
