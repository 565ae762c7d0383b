import { search } from './search.ts';

/** Machine images: generating, following, downloading, publishing and deploying them. */
export const imageOperations = {
  platformTool_getSoftware: {
    method: 'GET',
    path: '/orgs/{oid}/platformtools/{sbid}/pkgs',
    query: ['lastPkgUpdate'],
    responseRoot: 'packages',
    entitlements: ['image_generate'],
  },
  machineImage_deleteAll: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/images',
    entitlements: ['appliance_create'],
  },
  /** The tickets of one appliance. */
  machineImage_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images',
    query: search,
    responseRoot: 'images',
    entitlements: ['appliance_create'],
  },
  /** Starts a generation and answers with its ticket. The appliance needs an OS profile. */
  machineImage_generate: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/images',
    requestRoot: 'image',
    responseRoot: 'image',
    entitlements: ['image_generate'],
  },
  machineImage_getPlatformTools: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/platformtools/{tfid}',
    responseRoot: 'softwareBundles',
    entitlements: ['image_generate'],
  },
  /** The statuses of the tickets of one appliance. */
  machineImageStatus_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/statuses',
    responseRoot: 'statuses',
    entitlements: ['appliance_create'],
  },
  /** Forgets a ticket and its file. Not a cancel. */
  machineImage_delete: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/images/{itid}',
    entitlements: ['appliance_create'],
  },
  /** A ticket with its status. Each answer carries a new one-time download key. */
  machineImage_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/{itid}',
    responseRoot: 'image',
    entitlements: ['appliance_create'],
  },
  /** Generates again from the same request, in a new ticket; `force` cancels a running one first. */
  machineImage_regenerate: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/images/{itid}',
    query: ['force'],
    responseRoot: 'image',
    entitlements: ['image_generate'],
  },
  /** The image file. Anonymous: `downloadId` is a bearer secret that works once. */
  machineImage_download: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/downloads',
    query: ['downloadId'],
    responseBytes: true,
    anonymous: true,
  },
  /** As `machineImage_download`, with the file name in the path. */
  machineImage_downloadFile: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/downloads/{fileName}',
    query: ['downloadId'],
    responseBytes: true,
    anonymous: true,
  },
  machineImageFile_download: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/files/{filepath}',
    responseBytes: true,
  },
  applianceImage_publish: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/pimages',
    requestRoot: 'publishImage',
    responseRoot: 'publishImage',
    entitlements: ['image_publish'],
  },
  machineImagePublished_delete: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid}',
    entitlements: ['image_publish'],
  },
  machineImagePublished_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid}',
    responseRoot: 'publishImage',
  },
  machineImagePublish_cancel: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid}/cancel',
    responseRoot: 'status',
    entitlements: ['image_publish'],
  },
  machineImagePublished_deploy: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid}/deploys',
    requestRoot: 'deployment',
    responseRoot: 'deployment',
    entitlements: ['deployments_access'],
  },
  machineImagePublishedStatus_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/pimages/{pitid}/status',
    responseRoot: 'status',
    entitlements: ['image_publish'],
  },
  /** The packages in an image: the profile's and those dependency resolution added. */
  machineImagePkg_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/pkgs',
    responseRoot: 'imagePkgs',
    entitlements: ['appliance_create'],
  },
  /** Cancels a generation and answers with its status; the ticket stays. */
  machineImageGeneration_cancel: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/status',
    responseRoot: 'status',
    entitlements: ['image_generate'],
  },
  /** The status of one ticket. */
  machineImageStatus_get: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/images/{itid}/status',
    responseRoot: 'status',
    entitlements: ['appliance_create'],
  },
  machineImagePublished_deleteAll: {
    method: 'DELETE',
    path: '/users/{uid}/appliances/{aid}/pimages',
    entitlements: ['appliance_create'],
  },
  machineImagePublished_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/pimages',
    responseRoot: 'publishImages',
    entitlements: ['appliance_create'],
  },
  machineImage_publish: {
    method: 'POST',
    path: '/users/{uid}/appliances/{aid}/pimages',
    requestRoot: 'publishImage',
    responseRoot: 'publishImage',
    entitlements: ['image_publish'],
  },
  machineImagePublishedStatus_getAll: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/pimages/statuses',
    responseRoot: 'statuses',
    entitlements: ['appliance_create'],
  },
  /** A publication's file. The WADL calls the one-time key `id`, the page about it `downloadId`. */
  machineImagePublished_download: {
    method: 'GET',
    path: '/users/{uid}/appliances/{aid}/pimages/{pitid}/downloads',
    query: ['id'],
    alsoSpelt: { id: 'downloadId' },
    responseBytes: true,
    anonymous: true,
  },
  pxeBootScript_download: { method: 'GET', path: '/users/{uid}/pxe', responseBytes: true },
  scanImage_getPlatformTools: {
    method: 'GET',
    path: '/users/{uid}/scannedinstances/{siid}/scans/{sid}/images/platformtools/{tfid}',
    responseRoot: 'softwareBundles',
    entitlements: ['image_generate'],
  },
  scanPublishedImage_deploy: {
    method: 'POST',
    path: '/users/{uid}/scannedinstances/{siid}/scans/{sid}/images/{itid}/pimages/{pitid}/deploys',
    requestRoot: 'deployment',
    responseRoot: 'deployment',
    entitlements: ['deployments_access'],
  },
  /** All tickets of a user, or those whose URIs are given as `img`. */
  userMachineImage_getAll: {
    method: 'GET',
    path: '/users/{uid}/images',
    query: ['img'],
    responseRoot: 'images',
    entitlements: ['image_generate'],
  },
  /** Statuses of all tickets of a user, or of those given as `img`; `parentUri` tells whose. */
  userMachineImageStatus_get: {
    method: 'GET',
    path: '/users/{uid}/images/status',
    query: ['img'],
    responseRoot: 'statuses',
    entitlements: ['image_generate'],
  },
  userMachineImagePublished_getAll: {
    method: 'GET',
    path: '/users/{uid}/pimages',
    query: ['img'],
    responseRoot: 'publishImages',
    entitlements: ['image_generate'],
  },
  userMachineImagePublishedStatus_getAll: {
    method: 'GET',
    path: '/users/{uid}/pimages/status',
    query: ['img'],
    responseRoot: 'statuses',
    entitlements: ['image_generate'],
  },
} as const;
