import type { Dto } from '../../../uforge/dto.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { idOf } from '../../process/forge.ts';
import type { ExportRecord } from '../../store/exportStore.ts';
import type { ImportRecord } from '../../store/importStore.ts';
import { uploadOf } from '../answers/appliance.ts';
import { statusAt } from '../answers/status.ts';
import { dto, empty } from '../http/answer.ts';
import { flag } from '../http/query.ts';
import { notFound } from '../refusal.ts';
import { exportedArchive, languageAsked } from './exports.ts';
import { largestArchive } from './imports.ts';
import { find, ownOf } from './software.ts';
import { owned, type Call, type Routes } from './route.ts';

/** Archives of bundles that come and go: what hammr's `bundle create`, `import` and `export` are made of. */
export const softwareTransferRoutes: Routes = {
  softwareBundle_import: (call) => {
    const record = call.forge.software.imports.create(call.owner.id, {
      imported: flag(call.query, 'imported'),
      force: false,
      reuseBundles: false,
      useMajor: false,
    });
    return dto('softwareBundleImport', presentImport(call, record));
  },

  softwareBundleImport_get: (call) => dto('softwareBundleImport', presentImport(call, importOf(call))),

  softwareBundleImportStatus_get: (call) => dto('status', importStatus(call, importOf(call))),

  softwareBundleImport_upload: async (call) => {
    const { id } = importOf(call);
    await call.forge.software.importer.take(id, call.bytes(largestArchive), call.signal);
    return dto('status', importStatus(call, importOf(call)));
  },

  mySoftware_export: async (call) => {
    const own = ownOf(await find(call));
    const { software } = call.forge;
    await software.definitions.checkComplete(own, await software.definitions.read(own));
    const record = software.exporter.start(own, languageAsked(call));
    const uri = exportUri(call, record);
    return dto('softwareBundleExport', {
      created: record.created,
      dbId: record.id,
      lastModified: record.modified,
      bundleName: own.name,
      bundleVersion: own.version,
      downloadUri: `${uri}/downloads`,
      parentUri: call.uris.mySoftware(own.id),
      status: statusAt(record, uri),
      uri,
    });
  },

  mySoftwareExportStatus_get: async (call) => {
    const record = await exportOf(call);
    return dto('status', statusAt(record, exportUri(call, record)));
  },

  mySoftwareExport_download: async (call) => {
    const { software } = call.forge;
    return exportedArchive(await exportOf(call), software.data, software.exports);
  },

  mySoftwareExport_delete: async (call) => {
    await call.forge.software.exporter.delete((await exportOf(call)).id);
    return empty;
  },
};

function importOf(call: Call): ImportRecord {
  return owned(call, call.forge.software.imports, 'sbid', sentence`Import`);
}

function presentImport(call: Call, record: ImportRecord): Dto<'SoftwareBundleImport'> {
  const uri = importUri(call, record);
  return {
    ...uploadOf(record),
    status: importStatus(call, record),
    parentUri: call.uris.user,
    ...(record.applianceId !== undefined && { referenceUri: call.uris.mySoftware(record.applianceId) }),
    uploadUri: `${uri}/uploads`,
    statusUri: `${uri}/status`,
    imported: record.imported,
    uri,
  };
}

function importUri({ uris }: Call, { id }: ImportRecord): string {
  return `${uris.user}/bundleimports/${id}`;
}

function importStatus(call: Call, record: ImportRecord): Dto<'OpStatus'> {
  return statusAt(record, importUri(call, record));
}

async function exportOf(call: Call): Promise<ExportRecord> {
  const eid = call.param('eid');
  const record = call.forge.software.exports.get(idOf(eid));
  if (record?.applianceId !== ownOf(await find(call)).id)
    throw notFound(sentence`Export with id ${eid} not found.`, eid);
  return record;
}

function exportUri({ uris }: Call, { id, applianceId }: ExportRecord): string {
  return `${uris.mySoftware(applianceId)}/exports/${id}`;
}
