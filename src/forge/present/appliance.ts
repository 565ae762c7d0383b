import type { Appliance, ApplianceImport } from '../../uforge/dto.ts';
import type { ApplianceRecord } from '../store/applianceStore.ts';
import type { ImportRecord } from '../store/importStore.ts';
import { statusOfImport } from './status.ts';
import type { Uris } from './uris.ts';

export function applianceOf(record: ApplianceRecord, imageIds: readonly number[], uris: Uris): Appliance {
  return {
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    uuid: record.uuid,
    ...(record.arch !== undefined && { archName: record.arch }),
    baseImagesStatusUri: `${uris.images(record.id)}/statuses`,
    baseImagesUri: uris.images(record.id),
    ...(record.description !== undefined && { description: record.description }),
    ...(record.distribution !== undefined && { distributionName: record.distribution }),
    imageUris: imageIds.map((itid) => uris.image(record.id, itid)),
    imported: true,
    name: record.name,
    revision: record.revision,
    shared: false,
    size: record.archiveSize,
    uri: uris.appliance(record.id),
    version: record.version,
  };
}

export function applianceImportOf(record: ImportRecord, uris: Uris): ApplianceImport {
  const uri = uris.import(record.id);
  return {
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    ...(record.md5 !== undefined && { md5sum: record.md5 }),
    ...(record.sha256 !== undefined && { sha256sum: record.sha256 }),
    ...(record.size !== undefined && { size: record.size }),
    status: statusOfImport(record, uris),
    uploaded: record.size !== undefined,
    useMajor: record.useMajor,
    reuseBundles: record.reuseBundles,
    force_rw: record.force,
    imported: record.imported,
    parentUri: uris.user,
    ...(record.applianceId !== undefined && { referenceUri: uris.appliance(record.applianceId) }),
    uploadUri: `${uri}/uploads`,
    uri,
  };
}
