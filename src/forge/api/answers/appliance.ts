import type { Template } from '../../../appliance/template/model/template.ts';
import type { Appliance, ApplianceExport, ApplianceImport } from '../../../uforge/dto.ts';
import { idOfScript } from '../../appliances/parts/bootScripts.ts';
import { installProfileOf } from '../../appliances/parts/installProfile.ts';
import { osProfileOf } from '../../appliances/parts/osProfile.ts';
import { compact } from '../../appliances/parts/dtoFields.ts';
import { idOfBundle } from '../../appliances/parts/software.ts';
import type { ExportRecord } from '../../store/exportStore.ts';
import { distributionOfOs } from './distribution.ts';
import { installUrisOf } from './installUris.ts';
import type { ApplianceRecord } from '../../store/applianceStore.ts';
import type { ImportRecord } from '../../store/importStore.ts';
import { orgUri } from './offers.ts';
import { statusOfExport, statusOfImport } from './status.ts';
import type { Uris } from './uris.ts';

/** What is asked of several stores to show an appliance. */
export interface ApplianceParts {
  readonly imageIds: readonly number[];
  /** Undefined when it can't be read. */
  readonly template: Template | undefined;
}

export function applianceOf(record: ApplianceRecord, parts: ApplianceParts, uris: Uris): Appliance {
  const { id } = record;
  const uri = uris.appliance(id);
  const stack = parts.template?.stack;
  const distribution = stack && distributionOfOs(stack.os);
  return compact<Appliance>({
    created: record.created,
    dbId: id,
    lastModified: record.modified,
    uuid: record.uuid,
    archName: record.arch,
    baseCloneUri: `${uri}/clones`,
    baseImagesStatusUri: `${uris.images(id)}/statuses`,
    baseImagesUri: uris.images(id),
    baseMySoftwareUri: `${uri}/mysoftware`,
    baseOsProfileUri: `${uri}/osprofile`,
    baseProjectsUri: `${uri}/projects`,
    basePublishImagesStatusUri: `${uri}/pimages/statuses`,
    basePublishImagesUri: `${uri}/pimages`,
    bootScriptsUri: uris.bootScripts(id),
    bootScriptUris: stack?.config?.map((script) => `${uris.bootScripts(id)}/${idOfScript(script)}`),
    description: record.description,
    distributionName: record.distribution,
    distributionUri: distribution?.uri,
    exportsUri: `${uri}/exports`,
    imageUris: parts.imageIds.map((itid) => uris.image(id, itid)),
    imported: record.imported,
    installProfile: stack && installProfileOf(stack.installation ?? {}, installUrisOf(uri, id), uri),
    installProfileUri: installUrisOf(uri, id).profile,
    // What an image is made of is always the newest.
    nbSecurityUpdates: 0,
    nbUpdates: 0,
    mySoftwareUris: stack?.bundles?.map((bundle) => uris.mySoftware(idOfBundle(bundle))),
    name: record.name,
    orgUri,
    osProfile: stack && osProfileOf(stack.os, uris.osProfile(id), uri, id),
    osProfileUri: stack?.os.profile === undefined ? undefined : uris.osProfile(id),
    parentApplianceUri: record.parentId === undefined ? undefined : uris.appliance(record.parentId),
    revision: record.revision,
    shared: false,
    size: record.archiveSize,
    uri,
    version: record.version,
  });
}

export function applianceExportOf(
  record: ExportRecord,
  { name, version }: ApplianceRecord,
  uris: Uris,
): ApplianceExport {
  const uri = uris.export(record.applianceId, record.id);
  return {
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    applianceName: name,
    applianceVersion: version,
    ...(record.state === 'done' && { downloadUri: `${uri}/downloads` }),
    downloaded: record.downloaded,
    parentUri: uris.appliance(record.applianceId),
    status: statusOfExport(record, uris),
    uri,
  };
}

/** What an import of any kind says of the archive that was sent for it. */
export function uploadOf(
  record: ImportRecord,
): Pick<ApplianceImport, 'created' | 'dbId' | 'lastModified' | 'md5sum' | 'sha256sum' | 'size' | 'uploaded'> {
  return {
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    ...(record.md5 !== undefined && { md5sum: record.md5 }),
    ...(record.sha256 !== undefined && { sha256sum: record.sha256 }),
    ...(record.size !== undefined && { size: record.size }),
    uploaded: record.size !== undefined,
  };
}

export function applianceImportOf(record: ImportRecord, uris: Uris): ApplianceImport {
  const uri = uris.import(record.id);
  return {
    ...uploadOf(record),
    status: statusOfImport(record, uris),
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
