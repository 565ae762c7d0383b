import { search } from './search.ts';

/** Appliances: their parts, their import and their export. */
export const applianceOperations = {
  /** A user's appliances, searchable. */
  appliance_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances',
    query: search,
    responseRoot: 'appliances',
    entitlements: ['appliance_create'],
  },
  /** One appliance. */
  appliance_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}',
    responseRoot: 'appliance',
    entitlements: ['appliance_create'],
  },
  appliance_create: {
    method: 'POST',
    path: '/users/{uid}/appliances',
    requestRoot: 'appliance',
    responseRoot: 'appliance',
    entitlements: ['appliance_create'],
  },
  appliance_update: {
    method: 'PUT',
    path: '/users/{uid}/appliances/{aid}',
    requestRoot: 'appliance',
    responseRoot: 'appliance',
    entitlements: ['appliance_create'],
  },
  /** Deletes an appliance and its images; `force` stops what is running first. */
  appliance_delete: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}',
    query: ['force'],
    entitlements: ['appliance_create'],
  },
  appliance_clone: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/clones',
    requestRoot: 'appliance',
    responseRoot: 'appliance',
    entitlements: ['appliance_create'],
  },
  applianceOSProfile_create: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/osprofile',
    requestRoot: 'distribProfile',
    responseRoot: 'distribProfile',
    entitlements: ['appliance_create'],
  },
  applianceOSProfile_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/osprofile/{osid}',
    responseRoot: 'distribProfile',
    entitlements: ['appliance_create'],
  },
  applianceOSProfile_delete: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/osprofile/{osid}',
    entitlements: ['appliance_create'],
  },
  applianceOSProfilePkg_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/osprofile/{osid}/pkgs',
    responseRoot: 'packages',
    entitlements: ['appliance_create'],
  },
  applianceOSProfilePkg_updateAll: {
    method: 'PUT',
    path: '/users/{uid}/appliances/{aid}/osprofile/{osid}/pkgs',
    requestRoot: 'packages',
    responseRoot: 'packages',
    entitlements: ['appliance_create'],
  },
  installProfile_getDeprecated: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/installProfile',
    responseRoot: 'installProfile',
    entitlements: ['appliance_create'],
  },
  installProfile_updateDeprecated: {
    method: 'PUT',
    path: '/users/{uid}/appliances/{aid}/installProfile',
    requestRoot: 'installProfile',
    responseRoot: 'installProfile',
    entitlements: ['appliance_create'],
  },
  installProfile_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/installProfile/{ipid}',
    responseRoot: 'installProfile',
    entitlements: ['appliance_create'],
  },
  installProfile_update: {
    method: 'PUT',
    path: '/users/{uid}/appliances/{aid}/installProfile/{ipid}',
    requestRoot: 'installProfile',
    responseRoot: 'installProfile',
    entitlements: ['appliance_create'],
  },
  partitionTableDisk_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks',
    query: search,
    responseRoot: 'disks',
    entitlements: ['appliance_create'],
  },
  partitionTableDisk_create: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks',
    requestRoot: 'disk',
    responseRoot: 'disk',
    entitlements: ['appliance_create'],
  },
  partitionTableDiskPartition_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions',
    query: search,
    responseRoot: 'partitions',
    entitlements: ['appliance_create'],
  },
  partitionTableDiskPartition_create: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/installProfile/{ipid}/pt/{ptid}/disks/{did}/partitions',
    requestRoot: 'partition',
    responseRoot: 'partition',
    entitlements: ['appliance_create'],
  },
  nic_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/installProfile/{ipid}/nics',
    query: search,
    responseRoot: 'nics',
    entitlements: ['appliance_create'],
  },
  nic_create: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/installProfile/{ipid}/nics',
    requestRoot: 'nic',
    responseRoot: 'nic',
    entitlements: ['appliance_create'],
  },
  applianceMySoftware_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/mysoftware',
    responseRoot: 'mySoftwareList',
    entitlements: ['appliance_create'],
  },
  applianceProject_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/projects',
    responseRoot: 'projects',
    entitlements: ['appliance_create'],
  },
  /** Opens an import. The WADL declares no answer, but clients get an `applianceImport` ticket. */
  appliance_import: {
    method: 'POST',
    path: '/users/{uid}/imports',
    query: ['imported', 'force', 'reuseBundles', 'useMajor'],
    responseRoot: 'applianceImport',
    entitlements: ['appliance_create'],
  },
  /** Sends the archive of an import: a gzip tar with template.yml or template.json. */
  applianceImport_upload: {
    method: 'POST',
    path: '/users/{uid}/imports/{iid}/uploads',
    requestBytes: true,
    responseRoot: 'status',
    entitlements: ['appliance_create'],
  },
  /** How far an import is. A failed one says so in `error`, with a 2xx answer. */
  applianceImportStatus_get: {
    method: 'GET',
    path: '/users/{uid}/imports/{iid}/status',
    responseRoot: 'status',
    entitlements: ['appliance_create'],
  },
  applianceImport_getAllStatus: {
    method: 'GET',
    path: '/users/{uid}/imports/statuses',
    query: ['ai'],
    responseRoot: 'statuses',
    entitlements: ['appliance_create'],
  },
  /** An import; when it is complete, `referenceUri` is the new appliance. */
  applianceImport_get: {
    method: 'GET',
    path: '/users/{uid}/imports/{iid}',
    responseRoot: 'applianceImport',
    entitlements: ['appliance_create'],
  },
  applianceImport_getAll: {
    method: 'GET',
    path: '/users/{uid}/imports',
    query: search,
    responseRoot: 'applianceImports',
    entitlements: ['appliance_create'],
  },
  applianceImport_delete: {
    method: 'DELETE',
    path: '/users/{uid}/imports/{iid}',
    entitlements: ['appliance_create'],
  },
  appliance_export: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/exports',
    query: ['outputFormat'],
    responseRoot: 'applianceExport',
    entitlements: ['appliance_create'],
  },
  applianceExport_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/exports/{eid}',
    responseRoot: 'applianceExport',
    entitlements: ['appliance_create'],
  },
  applianceExportStatus_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/exports/{eid}/status',
    responseRoot: 'status',
    entitlements: ['appliance_create'],
  },
  /** Ends an export that is going on. */
  applianceExport_cancel: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/exports/{eid}/status',
    responseRoot: 'status',
    entitlements: ['appliance_create'],
  },
  applianceExport_download: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/exports/{eid}/downloads',
    responseBytes: true,
    entitlements: ['appliance_create'],
  },
  applianceExport_delete: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/exports/{eid}',
    entitlements: ['appliance_create'],
  },
} as const;
