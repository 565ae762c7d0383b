import type { OperationName } from '../../../src/uforge/operations.ts';
import { archive, template } from '../server/support.ts';
import type { World } from './world.ts';

/** One call of an operation: path and query parameters, and a body. */
export interface Example {
  readonly params?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** A DTO of the operation's request root. */
  readonly body?: object;
  readonly bytes?: Uint8Array;
  /** What the forge answers, where it has nothing of the kind; success unless given. */
  readonly status?: 404 | 409;
}

export const left = { aid: 1, itid: 1 };
export const anImage = { targetFormat: { name: 'QCOW2' }, simulated: true };
export const publication = { $type: 'PublishImageOpenStack', displayName: 'd', tenantName: 't' };
export const account = { $type: 'CredAccountOpenStack', login: 'l', password: 'hush' };

/**
 * An example of every operation the forge serves: made anew for each call, because the one before may have used it
 * up.
 */
export const examples: Partial<Record<OperationName, (world: World) => Example | Promise<Example>>> = {
  uforgeStatus_get: () => ({}),
  user_get: () => ({}),
  userOrg_getAll: () => ({}),
  userQuotas_get: () => ({}),
  userUsage_get: () => ({}),
  userStats_get: () => ({}),

  userTargetFormat_getAll: () => ({}),
  userTargetPlatforms_getAll: () => ({}),
  userTargetPlatformFormat_getAll: () => ({ params: { tpid: 1 } }),
  userFormats_getAll: () => ({}),
  targetFormat_getAll: () => ({ params: { oid: 1 } }),
  targetFormat_get: () => ({ params: { oid: 1, tfid: 1 } }),
  targetPlatform_getAll: () => ({ params: { oid: 1 } }),
  targetPlatform_get: () => ({ params: { oid: 1, tpid: 1 } }),
  targetPlatform_getAllFormats: () => ({ params: { oid: 1, tpid: 1 } }),
  targetFormat_getAllTargetPlatforms: () => ({ params: { oid: 1, tfid: 1 } }),
  org_getAll: () => ({}),
  org_get: () => ({ params: { oid: 1 } }),
  orgOS_getAll: () => ({ params: { oid: 1 } }),
  primitiveFormat_getAll: () => ({ params: { oid: 1 } }),
  category_getAll: () => ({ params: { oid: 1 } }),
  entitlement_getAll: () => ({}),
  userRoles_getAll: () => ({}),
  scanInstance_getAll: () => ({}),
  migration_getAll: () => ({}),
  platformTool_getSoftware: () => ({ params: { oid: 1, sbid: 1 } }),
  machineImage_getPlatformTools: () => ({ params: { aid: 1, tfid: 1 } }),
  scanImage_getPlatformTools: () => ({ params: { siid: 1, sid: 1, tfid: 1 }, status: 404 }),
  scanPublishedImage_deploy: () => ({
    params: { siid: 1, sid: 1, itid: 1, pitid: 1 },
    body: { name: 'd' },
    status: 404,
  }),

  userOS_getAll: () => ({}),
  os_getAll: () => ({}),
  os_get: () => ({ params: { id: 12 } }),
  osPkg_getAll: () => ({ params: { id: 12, query: 'name==bash', latestOnly: true } }),
  osPkg_get: async ({ forge }) => {
    const { text } = await forge.call('GET', '/distributions/12/pkgs?query=name==bash&count=1');
    return { params: { id: 12, pid: /<dbId>(\d+)/.exec(text)?.[1] ?? '' } };
  },
  osTemplate_getAll: () => ({ params: { id: 12 } }),
  osTemplate_get: () => ({ params: { id: 12, prid: 1 } }),

  cloudAccount_getAll: () => ({}),
  cloudAccount_get: async (world) => ({ params: { caid: await world.account() } }),
  cloudAccount_create: (world) => ({ body: { ...account, name: world.name() } }),
  cloudAccount_update: async (world) => ({
    params: { caid: await world.account() },
    body: { ...account, name: world.name() },
  }),
  cloudAccount_delete: async (world) => ({ params: { caid: await world.account() } }),
  cloudAccountResources_get: async (world) => ({ params: { caid: await world.registryAccount() } }),

  apiKey_getAll: () => ({}),
  apiKey_create: () => ({ body: {} }),
  apiKey_update: async (world) => ({ params: { akid: await world.apiKey() }, body: { name: 'renamed' } }),
  apiKey_delete: async (world) => ({ params: { akid: await world.apiKey() } }),

  appliance_getAll: () => ({}),
  appliance_get: () => ({ params: { aid: 1 } }),
  appliance_delete: async (world) => ({ params: { aid: await world.appliance(), force: true } }),
  appliance_import: () => ({
    params: { force: true, imported: false, reuseBundles: false, useMajor: false },
  }),
  applianceImport_upload: async (world) => ({
    params: { iid: await world.import() },
    bytes: await archive(template(world.name())),
  }),
  applianceImportStatus_get: async (world) => ({ params: { iid: await world.import() } }),
  applianceImport_getAllStatus: () => ({}),
  applianceImport_get: async (world) => ({ params: { iid: await world.import() } }),
  applianceImport_getAll: () => ({}),
  applianceImport_delete: async (world) => ({ params: { iid: await world.import() } }),

  machineImage_generate: async (world) => ({ params: { aid: await world.appliance() }, body: anImage }),
  machineImage_regenerate: async (world) => ({ params: { ...(await world.cancelledImage()), force: true } }),
  machineImage_getAll: () => ({ params: { aid: 1 } }),
  machineImage_get: () => ({ params: left }),
  machineImage_delete: async (world) => ({ params: await world.cancelledImage() }),
  machineImage_deleteAll: async (world) => ({ params: { aid: (await world.cancelledImage()).aid } }),
  machineImageStatus_getAll: () => ({ params: { aid: 1 } }),
  machineImageStatus_get: () => ({ params: left }),
  machineImageGeneration_cancel: async (world) => ({ params: await world.runningImage() }),
  machineImagePkg_getAll: () => ({ params: left }),
  machineImage_download: () => ({ params: left }),
  machineImage_downloadFile: () => ({ params: { ...left, fileName: 'left 1.0rev1 ü.qcow2' } }),
  machineImageFile_download: () => ({ params: { ...left, filepath: 'boot.ipxe' } }),
  pxeBootScript_download: () => ({}),
  userMachineImage_getAll: () => ({ params: { img: ['users/forge/appliances/1/images/1'] } }),
  userMachineImageStatus_get: () => ({ params: { img: ['users/forge/appliances/1/images/1'] } }),

  applianceImage_publish: () => ({ params: left, body: publication }),
  machineImage_publish: () => ({
    params: { aid: 1 },
    body: { ...publication, imageUri: 'users/forge/appliances/1/images/1' },
  }),
  machineImagePublished_get: () => ({ params: { ...left, pitid: 1 } }),
  machineImagePublishedStatus_get: () => ({ params: { ...left, pitid: 1 } }),
  machineImagePublish_cancel: () => ({ params: { ...left, pitid: 1 }, status: 409 }),
  machineImagePublished_delete: async (world) => ({ params: { ...left, pitid: await world.publication() } }),
  machineImagePublished_deleteAll: async (world) => ({ params: { aid: await world.appliance() } }),
  machineImagePublished_getAll: () => ({ params: { aid: 1 } }),
  machineImagePublishedStatus_getAll: () => ({ params: { aid: 1 } }),
  machineImagePublished_download: () => ({ params: { aid: 1, pitid: 1 } }),
  machineImagePublished_deploy: () => ({ params: { ...left, pitid: 1 }, body: { name: 'd' } }),
  userMachineImagePublished_getAll: () => ({ params: { img: ['users/forge/appliances/1/images/1'] } }),
  userMachineImagePublishedStatus_getAll: () => ({}),

  deployment_getAll: () => ({}),
  deployment_get: () => ({ params: { did: 1 } }),
  deployment_getDeployStatus: () => ({ params: { did: 1 } }),
  deployment_terminate: async ({ forge }) => {
    const { text } = await forge.call('POST', '/users/forge/appliances/1/images/1/pimages/1/deploys', {
      headers: { 'content-type': 'application/json' },
      body: '{"deployment":{}}',
    });
    return { params: { did: /<applicationId>(\d+)/.exec(text)?.[1] ?? '' } };
  },
};
