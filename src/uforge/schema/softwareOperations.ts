import { search } from './search.ts';

/** Software of a user's own (`mySoftware`): bundles with their files, which appliances take along. */
export const softwareOperations = {
  softwareBundle_import: {
    method: 'POST',
    path: '/users/{uid}/bundleimports',
    query: ['imported'],
    responseRoot: 'softwareBundleImport',
    entitlements: ['appliance_create'],
  },
  softwareBundleImport_get: {
    method: 'GET',
    path: '/users/{uid}/bundleimports/{sbid}',
    responseRoot: 'softwareBundleImport',
    entitlements: ['appliance_create'],
  },
  softwareBundleImportStatus_get: {
    method: 'GET',
    path: '/users/{uid}/bundleimports/{sbid}/status',
    responseRoot: 'status',
    entitlements: ['appliance_create'],
  },
  /** The bytes of a bundle archive: a gzip tar with `bundle.yml` or `bundle.json` at its top. */
  softwareBundleImport_upload: {
    method: 'POST',
    path: '/users/{uid}/bundleimports/{sbid}/uploads',
    requestBytes: true,
    responseRoot: 'status',
    entitlements: ['appliance_create'],
  },
  /** Also the bundles that come with the user's appliances, which are changed there. */
  mySoftware_getAll: {
    method: 'GET',
    path: '/users/{uid}/mysoftware',
    query: [...search, 'distribId'],
    responseRoot: 'mySoftwareList',
    entitlements: ['appliance_create'],
  },
  mySoftware_create: {
    method: 'POST',
    path: '/users/{uid}/mysoftware',
    requestRoot: 'mySoftware',
    responseRoot: 'mySoftware',
    entitlements: ['software_upload'],
  },
  mySoftware_get: {
    method: 'GET',
    path: '/users/{uid}/mysoftware/{msid}',
    responseRoot: 'mySoftware',
    entitlements: ['appliance_create'],
  },
  mySoftware_update: {
    method: 'PUT',
    path: '/users/{uid}/mysoftware/{msid}',
    requestRoot: 'mySoftware',
    responseRoot: 'mySoftware',
    entitlements: ['software_upload'],
  },
  mySoftware_delete: {
    method: 'DELETE',
    path: '/users/{uid}/mysoftware/{msid}',
    entitlements: ['software_upload'],
  },
  mySoftware_clone: {
    method: 'POST',
    path: '/users/{uid}/mysoftware/{msid}/clone',
    requestRoot: 'mySoftware',
    responseRoot: 'mySoftware',
    entitlements: ['software_upload'],
  },
  /** The appliances that have it. */
  mySoftwareUsage_getAll: {
    method: 'GET',
    path: '/users/{uid}/mysoftware/{msid}/appliances',
    responseRoot: 'appliances',
    entitlements: ['appliance_create'],
  },
  mySoftwareArtifact_getAll: {
    method: 'GET',
    path: '/users/{uid}/mysoftware/{msid}/artifacts',
    query: ['filename'],
    responseRoot: 'softwareArtifacts',
    entitlements: ['appliance_create'],
  },
  /** Says what a file is; its bytes come with mySoftwareArtifact_upload. */
  mySoftwareArtifact_add: {
    method: 'POST',
    path: '/users/{uid}/mysoftware/{msid}/artifacts',
    requestRoot: 'softwareArtifact',
    responseRoot: 'softwareArtifact',
    entitlements: ['software_upload'],
  },
  mySoftwareArtifact_deleteAll: {
    method: 'DELETE',
    path: '/users/{uid}/mysoftware/{msid}/artifacts',
    entitlements: ['software_upload'],
  },
  mySoftwareArtifact_get: {
    method: 'GET',
    path: '/users/{uid}/mysoftware/{msid}/artifacts/{said}',
    responseRoot: 'softwareArtifact',
    entitlements: ['appliance_create'],
  },
  mySoftwareArtifact_update: {
    method: 'PUT',
    path: '/users/{uid}/mysoftware/{msid}/artifacts/{said}',
    query: ['recursive'],
    requestRoot: 'softwareArtifact',
    responseRoot: 'softwareArtifact',
    entitlements: ['software_upload'],
  },
  mySoftwareArtifact_delete: {
    method: 'DELETE',
    path: '/users/{uid}/mysoftware/{msid}/artifacts/{said}',
    entitlements: ['software_upload'],
  },
  mySoftwareArtifact_download: {
    method: 'GET',
    path: '/users/{uid}/mysoftware/{msid}/artifacts/{said}/bin',
    query: ['downloadId'],
    responseBytes: true,
    anonymous: true,
  },
  mySoftwareArtifact_downloadFile: {
    method: 'GET',
    path: '/users/{uid}/mysoftware/{msid}/artifacts/{said}/bin/{fileName}',
    query: ['downloadId'],
    responseBytes: true,
    anonymous: true,
  },
  mySoftwareArtifact_upload: {
    method: 'POST',
    path: '/users/{uid}/mysoftware/{msid}/artifacts/{said}/bin/{fileName}',
    requestBytes: true,
    responseRoot: 'softwareArtifact',
    entitlements: ['software_upload'],
  },
  mySoftware_export: {
    method: 'POST',
    path: '/users/{uid}/mysoftware/{msid}/exports',
    query: ['outputFormat'],
    responseRoot: 'softwareBundleExport',
    entitlements: ['software_upload'],
  },
  mySoftwareExportStatus_get: {
    method: 'GET',
    path: '/users/{uid}/mysoftware/{msid}/exports/{eid}/status',
    responseRoot: 'status',
    entitlements: ['software_upload'],
  },
  mySoftwareExport_download: {
    method: 'GET',
    path: '/users/{uid}/mysoftware/{msid}/exports/{eid}/downloads',
    responseBytes: true,
    entitlements: ['software_upload'],
  },
  mySoftwareExport_delete: {
    method: 'DELETE',
    path: '/users/{uid}/mysoftware/{msid}/exports/{eid}',
    entitlements: ['software_upload'],
  },
} as const;
