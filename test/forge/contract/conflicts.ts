import { encodeJson } from '../../../src/uforge/codec/codec.ts';
import type { DtoOfRoot, RootName } from '../../../src/uforge/dto.ts';
import { archive, template } from '../server/support.ts';
import { account, anImage, left, publication, type Example } from './examples.ts';
import { idOf, kindOf, place, whole } from './partExamples.ts';
import type { World } from './world.ts';

type Make = (world: World) => Promise<Example>;

/** Kinds of parts that are known by a name: what the one that is there is called. */
const names: Readonly<Record<string, object>> = {
  nic: { name: 'eth0' },
  installProfileUser: { name: 'zoe' },
  installProfileGroup: { name: 'dev' },
  partitionTableDisk: { name: 'sda' },
  applianceBootScript: { name: 'hello' },
  partitionTableLogicalGroup: { groupName: 'vg0' },
  partitionTableLogicalVolume: { name: 'data' },
};

/** Two that are called the same: one more of that name, and the name of the other one. */
function twins(operations: string, name: object): Record<string, Make> {
  const kind = kindOf(operations);
  return {
    [`${operations}_create`]: async (world) => ({
      params: await place(world, kind),
      body: { ...kind.body, ...name },
    }),
    [`${operations}_update`]: async (world) => {
      const params = await place(world, kind);
      const aid = params['aid'] ?? 0;
      const other = encodeJson(kind.root, kind.body as DtoOfRoot<RootName>);
      await world.post(kind.path(aid).replace('/users/forge', ''), JSON.parse(other) as object);
      const [field = ''] = Object.keys(name);
      const taken = (kind.body as Readonly<Record<string, unknown>>)[field];
      return {
        params: { ...params, [kind.param]: await idOf(world, kind, aid) },
        body: { ...kind.change, [field]: taken },
      };
    },
  };
}

const cancelled = async (world: World): Promise<Example> => ({ params: await world.cancelledImage() });
const cancelledUri = async (world: World): Promise<string> => {
  const { aid, itid } = await world.cancelledImage();
  return `users/forge/appliances/${aid}/images/${itid}`;
};

/** Calls that are answered with 409. */
export const conflicts: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(
    Object.entries(names).flatMap(([operations, name]) => Object.entries(twins(operations, name))),
  ),
  partitionTableDiskPartition_create: async (world) => ({
    params: await place(world, kindOf('partitionTableDiskPartition')),
    body: { name: 'sda1', fstype: 'ext4', mpoint: '/srv', size: 1024 },
  }),
  partitionTableDiskLogicalPartition_create: async (world) => ({
    params: await place(world, kindOf('partitionTableDiskLogicalPartition')),
    body: { name: 'sda5', fstype: 'ext4', mpoint: '/opt', size: 512 },
  }),

  appliance_create: () =>
    Promise.resolve({ body: { name: 'left', version: '1.0', distributionUri: 'distributions/12' } }),
  appliance_update: async (world) => ({
    params: { aid: await world.appliance() },
    body: { name: 'left', version: '1.0' },
  }),
  appliance_clone: async (world) => ({
    params: { aid: await world.appliance() },
    body: { name: 'left', version: '1.0' },
  }),
  appliance_delete: async (world) => ({ params: { aid: (await world.runningImage()).aid } }),
  applianceOSProfile_create: async (world) => ({
    params: { aid: await whole(world) },
    body: { $type: 'LinuxProfile', name: 'Minimal' },
  }),
  applianceImport_upload: async (world) => {
    const iid = await world.import();
    const bytes = await archive(template(world.name()));
    await world.upload(`/imports/${iid}/uploads`, bytes);
    return { params: { iid }, bytes };
  },
  applianceExport_cancel: () => Promise.resolve({ params: { aid: 1, eid: 1 } }),
  applianceExport_download: () => Promise.resolve({ params: { aid: 1, eid: 1 } }),

  machineImage_generate: async (world) => ({
    params: { aid: (await world.runningImage()).aid },
    body: anImage,
  }),
  machineImage_regenerate: async (world) => ({ params: await world.runningImage() }),
  machineImageGeneration_cancel: () => Promise.resolve({ params: left }),
  machineImage_download: cancelled,
  machineImage_downloadFile: async (world) => ({
    params: { ...(await world.cancelledImage()), fileName: 'x' },
  }),
  machineImageFile_download: async (world) => ({
    params: { ...(await world.cancelledImage()), filepath: 'boot.ipxe' },
  }),

  applianceImage_publish: async (world) => ({ params: await world.cancelledImage(), body: publication }),
  machineImage_publish: async (world) => {
    const imageUri = await cancelledUri(world);
    return { params: { aid: /\d+/.exec(imageUri)?.[0] ?? '' }, body: { ...publication, imageUri } };
  },
  machineImagePublish_cancel: () => Promise.resolve({ params: { ...left, pitid: 1 } }),
  machineImagePublished_deploy: async (world) => ({
    params: { ...left, pitid: await world.publication() },
    body: { name: 'd' },
  }),
  machineImagePublished_download: async (world) => ({
    params: { aid: 1, pitid: await world.publication() },
  }),

  mySoftware_create: async (world) => ({ body: { name: await world.takenSoftware(), version: '1.0' } }),
  mySoftware_clone: async (world) => ({
    params: { msid: await world.software() },
    body: { name: await world.takenSoftware(), version: '1.0' },
  }),
  mySoftwareArtifact_add: async (world) => ({
    params: { msid: (await world.artifact()).msid },
    body: { name: 'a.txt' },
  }),
  softwareBundleImport_upload: async (world) => {
    const sbid = await world.bundleImport();
    const bytes = await archive({
      name: 'bundle.json',
      content: JSON.stringify({ name: world.name(), version: '1', files: [] }),
    });
    await world.upload(`/bundleimports/${sbid}/uploads`, bytes);
    return { params: { sbid }, bytes };
  },

  cloudAccount_create: async (world) => ({ body: { ...account, name: await world.takenAccount() } }),
  cloudAccount_update: async (world) => ({
    params: { caid: await world.account() },
    body: { ...account, name: await world.takenAccount() },
  }),
};
