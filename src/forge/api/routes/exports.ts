import { dto, empty, type Answer } from '../http/answer.ts';
import { idOf } from '../../process/forge.ts';
import { applianceExportOf } from '../answers/appliance.ts';
import { statusOfExport } from '../answers/status.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { TemplateLanguage } from '../../../appliance/template/model/template.ts';
import type { DataFolder } from '../../process/paths.ts';
import type { ExportRecord, ExportStore } from '../../store/exportStore.ts';
import { inPlace } from './parts.ts';
import type { Call, Routes } from './route.ts';

/** Exports of appliances: archives that make the same appliance when they are imported. */
export const exportRoutes: Routes = {
  appliance_export: async (call) => {
    const language = languageAsked(call);
    return await inPlace(call, async ({ record, template }) => {
      await call.forge.definitions.checkComplete(record, template);
      const made = call.forge.exporter.start(record, language);
      return dto('applianceExport', applianceExportOf(made, record, call.uris));
    });
  },

  applianceExport_get: (call) => {
    const { forge, owner, param, uris } = call;
    return dto('applianceExport', applianceExportOf(find(call), forge.appliance(owner, param('aid')), uris));
  },

  applianceExportStatus_get: (call) => dto('status', statusOfExport(find(call), call.uris)),

  applianceExport_cancel: async (call) => {
    const { id } = find(call);
    if (!(await call.forge.exporter.cancel(id))) {
      throw new Refusal('ERROR.EXPORT.NOT_EXPORTING', sentence`Export ${id} is not going on.`);
    }
    return dto('status', statusOfExport(find(call), call.uris));
  },

  applianceExport_download: (call) => exportedArchive(find(call), call.forge.data, call.forge.exports),

  applianceExport_delete: async (call) => {
    await call.forge.exporter.delete(find(call).id);
    return empty;
  },
};

function find({ forge, owner, param }: Call): ExportRecord {
  const eid = param('eid');
  const record = forge.exports.get(idOf(eid));
  if (record?.applianceId !== forge.appliance(owner, param('aid')).id) {
    throw notFound(sentence`Export with id ${eid} not found.`, eid);
  }
  return record;
}

/** @throws {Refusal} 400 */
export function languageAsked({ query }: Call): TemplateLanguage {
  const language = query.get('outputFormat') ?? 'yaml';
  if (language === 'yaml' || language === 'json') return language;
  throw new Refusal('ERROR.REQUEST.QUERY', sentence`outputFormat must be yaml or json, not "${language}".`);
}

/** @throws {Refusal} 409 as long as it is not there */
export function exportedArchive(record: ExportRecord, data: DataFolder, store: ExportStore): Answer {
  const { id, state, sha256, fileName, modified } = record;
  if (state !== 'done' || sha256 === undefined) {
    throw new Refusal(
      'ERROR.EXPORT.NOT_READY',
      sentence`Export ${id} is not complete: there is no archive to download.`,
    );
  }
  return {
    kind: 'file',
    path: data.export(id),
    missing: sentence`The archive of export ${id} is not on the forge's disk any more. Export the appliance again.`,
    fileName,
    mimeType: 'application/gzip',
    sha256,
    lastModified: modified,
    onSend: () => store.downloaded(record),
  };
}
