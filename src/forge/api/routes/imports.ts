import { dto, empty } from '../http/answer.ts';
import { flag, listed } from '../http/query.ts';
import { applianceImportOf } from '../answers/appliance.ts';
import { statusOfImport } from '../answers/status.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import type { ImportRecord } from '../../store/importStore.ts';
import { idOf } from '../../process/forge.ts';
import { owned, type Call, type Routes } from './route.ts';

/** Largest archive that is taken, bytes as they come over the wire. */
export const largestArchive = 512 * 1024 ** 2;

export const importRoutes: Routes = {
  appliance_import: ({ forge, owner, uris, query }) => {
    const record = forge.imports.create(owner.id, {
      imported: flag(query, 'imported'),
      force: flag(query, 'force'),
      reuseBundles: flag(query, 'reuseBundles'),
      useMajor: flag(query, 'useMajor'),
    });
    return dto('applianceImport', applianceImportOf(record, uris));
  },

  applianceImport_upload: async (call) => {
    const { id } = find(call);
    await call.forge.importer.take(id, call.bytes(largestArchive), call.signal);
    return dto('status', statusOfImport(find(call), call.uris));
  },

  applianceImport_get: (call) => dto('applianceImport', applianceImportOf(find(call), call.uris)),

  applianceImport_getAll: ({ forge, owner, uris, query }) => {
    const all = forge.imports.ofOwner(owner.id).map((record) => applianceImportOf(record, uris));
    return listed('applianceImports', all, query);
  },

  applianceImportStatus_get: (call) => dto('status', statusOfImport(find(call), call.uris)),

  applianceImport_getAllStatus: ({ forge, owner, uris, query }) => {
    const wanted = query.getAll('ai').map((uri) => idOf(/\/imports\/(\d+)/.exec(uri)?.[1] ?? ''));
    const statuses = forge.imports
      .ofOwner(owner.id)
      .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
      .map((record) => statusOfImport(record, uris));
    return listed('statuses', statuses);
  },

  applianceImport_delete: (call) => {
    call.forge.imports.delete(find(call).id);
    return empty;
  },
};

function find(call: Call): ImportRecord {
  return owned(call, call.forge.imports, 'iid', sentence`Import`);
}
