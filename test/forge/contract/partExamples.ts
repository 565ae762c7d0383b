import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { element } from '../server/support.ts';
import type { RootName } from '../../../src/uforge/dto.ts';
import type { Example } from './examples.ts';
import type { World } from './world.ts';

type Make = (world: World) => Promise<Example>;

/** Where the parts of a kind are below an appliance, what one is like, and which parameter holds its id. */
export interface Kind {
  readonly operations: string;
  readonly param: string;
  readonly path: (aid: number) => string;
  readonly root: RootName;
  /** Another one than there is. */
  readonly body: object;
  readonly change: object;
  /** Of what the parts are themselves parts. */
  readonly within?: Readonly<Record<string, number>>;
  /** Makes an appliance that has one of the kind; `whole` unless given. */
  readonly appliance?: (world: World) => Promise<number>;
}

const profile = (aid: number): string => `/users/forge/appliances/${aid}/installProfile/${aid}`;
const table = (aid: number): string => `${profile(aid)}/pt/${aid}`;

const kinds: readonly Kind[] = [
  {
    operations: 'nic',
    root: 'nic',
    param: 'nid',
    path: (aid) => `${profile(aid)}/nics`,
    body: { name: 'eth1', order: 2, ipv4Method: 'AUTOMATIC' },
    change: { name: 'eth0', order: 1, ipv4Method: 'DISABLED' },
  },
  {
    operations: 'installProfileUser',
    root: 'osUser',
    param: 'osuid',
    path: (aid) => `${profile(aid)}/users`,
    body: { name: 'yan', password: 'hush' },
    change: { shell: '/bin/sh' },
  },
  {
    operations: 'installProfileGroup',
    root: 'osGroup',
    param: 'osgid',
    path: (aid) => `${profile(aid)}/groups`,
    body: { name: 'ops', groupId: '2002' },
    change: { groupId: '2003' },
  },
  {
    operations: 'partitionTableDisk',
    root: 'disk',
    param: 'did',
    path: (aid) => `${table(aid)}/disks`,
    body: { name: 'sdb', partitionType: 'MSDOS', size: 4096 },
    change: { size: 50_000 },
  },
  {
    operations: 'partitionTableDiskPartition',
    root: 'partition',
    param: 'pid',
    path: (aid) => `${table(aid)}/disks/1/partitions`,
    body: { fstype: 'ext4', mpoint: '/srv', size: 1024 },
    change: { size: 4096 },
    within: { did: 1 },
  },
  {
    operations: 'partitionTableDiskLogicalPartition',
    root: 'partition',
    param: 'lpid',
    path: (aid) => `${table(aid)}/disks/1/partitions/2/lpartitions`,
    body: { fstype: 'ext4', mpoint: '/opt', size: 512 },
    change: { size: 768 },
    within: { did: 1, pid: 2 },
  },
  {
    operations: 'partitionTableLogicalGroup',
    root: 'logicalGroup',
    param: 'gid',
    path: (aid) => `${table(aid)}/groups`,
    body: { groupName: 'vg1', partitionUris: ['sdb2'] },
    change: { groupName: 'vg2' },
    appliance: (world) => cloneOf(world, 'group', withGroup),
  },
  {
    operations: 'partitionTableLogicalVolume',
    root: 'logicalVolume',
    param: 'vid',
    path: (aid) => `${table(aid)}/volumes`,
    body: {
      name: 'more',
      groupUri: 'vg0',
      volumes: [{ fstype: 'ext4', mpoint: '/more', size: 256 }],
    },
    change: { volumes: [{ size: 768 }] },
    appliance: (world) => cloneOf(world, 'volume', withVolume),
  },
  {
    operations: 'applianceBootScript',
    root: 'bootScript',
    param: 'bsid',
    path: (aid) => `/users/forge/appliances/${aid}/bootscripts`,
    body: { name: 'later', bootType: 'everyboot' },
    change: { name: 'hello', bootType: 'everyboot' },
  },
];

export function kindOf(operations: string): Kind {
  const kind = kinds.find((each) => each.operations === operations);
  assert.ok(kind, operations);
  return kind;
}

/** An appliance that has one of each kind, but of LVM. */
export function whole(world: World): Promise<number> {
  return cloneOf(world, 'whole', master);
}

/** The master is made once, the others are its clones. */
async function cloneOf(world: World, what: string, make: (world: World) => Promise<number>): Promise<number> {
  const clone = await world.post(`/appliances/${await world.once(what, () => make(world))}/clones`, {
    appliance: { name: world.name(), version: '2' },
  });
  return Number(element(clone, 'dbId'));
}

/** As `whole`, with two partitions for LVM and a volume group on one of them. */
async function withGroup(world: World): Promise<number> {
  const aid = await whole(world);
  const below = table(aid).replace('/users/forge', '');
  await world.post(`${below}/disks`, { disk: { name: 'sdb', partitionType: 'MSDOS', size: 8192 } });
  for (let number = 1; number <= 2; number++) {
    await world.post(`${below}/disks/2/partitions`, { partition: { fstype: 'lvm2', size: 2048 } });
  }
  await world.post(`${below}/groups`, {
    logicalGroup: { groupName: 'vg0', partitionUris: { uri: ['sdb1'] } },
  });
  return aid;
}

async function withVolume(world: World): Promise<number> {
  const aid = await withGroup(world);
  await world.post(`${table(aid).replace('/users/forge', '')}/volumes`, {
    logicalVolume: {
      name: 'data',
      groupUri: 'vg0',
      volumes: { volume: [{ fstype: 'ext4', mpoint: '/var/data', size: 512 }] },
    },
  });
  return aid;
}

async function master(world: World): Promise<number> {
  const name = world.name();
  const made = await world.post('/appliances', {
    appliance: { name, version: '1', distributionUri: 'distributions/12' },
  });
  const aid = Number(element(made, 'dbId'));
  const below = (path: string): string => path.replace('/users/forge', '');
  await world.post(`/appliances/${aid}/osprofile`, { linuxProfile: { name: 'Minimal' } });
  const roots = ['nic', 'osUser', 'osGroup', 'disk'] as const;
  const bodies = [
    { name: 'eth0', order: 1, ipv4Method: 'AUTOMATIC' },
    { name: 'zoe', password: 'hush' },
    { name: 'dev', groupId: '2001' },
    { name: 'sda', partitionType: 'MSDOS', size: 40_000 },
  ];
  for (const [index, root] of roots.entries()) {
    const kind = kinds[index];
    assert.ok(kind);
    await world.post(below(kind.path(aid)), { [root]: bodies[index] });
  }
  const partitions = `${below(table(aid))}/disks/1/partitions`;
  await world.post(partitions, { partition: { fstype: 'ext4', mpoint: '/', size: 8192 } });
  await world.post(partitions, { partition: { fstype: 'Extended', size: 8192 } });
  await world.post(`${partitions}/2/lpartitions`, {
    partition: { fstype: 'ext4', mpoint: '/data', size: 1024 },
  });
  const script = await world.post(`/appliances/${aid}/bootscripts`, {
    bootScript: { name: 'hello', bootType: 'firstboot' },
  });
  await world.upload(`/appliances/${aid}/bootscripts/${element(script, 'dbId')}/bin/hello.sh`, '#!/bin/sh\n');
  return aid;
}

/** What every path to a part holds; too much is left out by the client. */
export async function place(
  world: World,
  { within = {}, appliance = whole }: Kind,
): Promise<Record<string, number>> {
  const aid = await appliance(world);
  return { aid, ipid: aid, ptid: aid, ...within };
}

export async function idOf(world: World, kind: Kind, aid: number): Promise<number> {
  const { text } = await world.forge.call('GET', `${kind.path(aid)}?count=1`);
  return Number(element(text, 'dbId'));
}

function examplesOf(kind: Kind): Record<string, Make> {
  const { operations, param, body, change } = kind;
  const atOne = async (world: World): Promise<Record<string, number>> => {
    const params = await place(world, kind);
    return { ...params, [param]: await idOf(world, kind, params['aid'] ?? 0) };
  };
  return {
    [`${operations}_getAll`]: async (world) => ({ params: await place(world, kind) }),
    [`${operations}_create`]: async (world) => {
      const params = await place(world, kind);
      return { params, body };
    },
    [`${operations}_get`]: async (world) => ({ params: await atOne(world) }),
    [`${operations}_update`]: async (world) => ({ params: await atOne(world), body: change }),
    [`${operations}_delete`]: async (world) => ({ params: await atOne(world) }),
    [`${operations}_deleteAll`]: async (world) => ({ params: await place(world, kind) }),
  };
}

const atScript = async (world: World, more: Record<string, string> = {}) => {
  const script = kindOf('applianceBootScript');
  const params = await place(world, script);
  return { ...params, bsid: await idOf(world, script, params['aid'] ?? 0), ...more };
};

const atProfile = async (world: World): Promise<Record<string, number>> => {
  const aid = await whole(world);
  return { aid, ipid: aid, osid: aid };
};

const anExport = async (world: World): Promise<Record<string, number>> => {
  const aid = await world.once('exported', () => whole(world));
  const made = await world.post(`/appliances/${aid}/exports`, {});
  const eid = Number(/exports\/(\d+)/.exec(made)?.[1]);
  await world.until(`/appliances/${aid}/exports/${eid}/status`, '<complete>true');
  return { aid, eid };
};

/** An appliance whose export takes a while: nothing of its script can be made smaller. */
async function large(world: World): Promise<number> {
  const aid = await whole(world);
  const { text } = await world.forge.call('GET', `/users/forge/appliances/${aid}/bootscripts`);
  const script = /<bootScript>.*?<dbId>(\d+)/s.exec(text)?.[1] ?? '';
  const noise = randomBytes(15 * 1024 ** 2);
  await world.upload(`/appliances/${aid}/bootscripts/${script}/bin/hello.sh`, noise);
  return aid;
}

/** Examples of what an appliance consists of, and of its exports. */
export const partExamples: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(kinds.flatMap((kind) => Object.entries(examplesOf(kind)))),
  nic_updateList: async (world) => ({
    params: await atProfile(world),
    body: { nics: [{ name: 'eth0', order: 1, ipv4Method: 'AUTOMATIC' }] },
  }),
  applianceBootScript_download: async (world) => ({ params: await atScript(world) }),
  applianceBootScript_downloadFile: async (world) => ({
    params: await atScript(world, { fileName: 'hello.sh' }),
  }),
  applianceBootScript_upload: async (world) => ({
    params: await atScript(world, { fileName: 'hello.sh' }),
    bytes: Buffer.from('#!/bin/sh\nexit 0\n'),
  }),

  appliance_create: (world) =>
    Promise.resolve({ body: { name: world.name(), version: '1', distributionUri: 'distributions/12' } }),
  appliance_update: async (world) => ({
    params: { aid: await whole(world) },
    body: { description: 'changed' },
  }),
  appliance_clone: async (world) => ({
    params: { aid: await world.once('whole', () => master(world)) },
    body: { name: world.name(), version: '3' },
  }),
  applianceOSProfile_create: async (world) => {
    const made = await world.post('/appliances', {
      appliance: { name: world.name(), version: '1', distributionUri: 'distributions/12' },
    });
    return {
      params: { aid: Number(element(made, 'dbId')) },
      body: { $type: 'LinuxProfile', name: 'Minimal' },
    };
  },
  applianceOSProfile_get: async (world) => ({ params: await atProfile(world) }),
  applianceOSProfile_delete: async (world) => ({ params: await atProfile(world) }),
  applianceOSProfilePkg_getAll: async (world) => ({ params: await atProfile(world) }),
  applianceOSProfilePkg_updateAll: async (world) => ({
    params: await atProfile(world),
    body: { pkgs: [{ name: 'bash' }] },
  }),
  installProfile_getDeprecated: async (world) => ({ params: await atProfile(world) }),
  installProfile_updateDeprecated: async (world) => ({
    params: await atProfile(world),
    body: { keyboard: 'fr' },
  }),
  installProfile_get: async (world) => ({ params: await atProfile(world) }),
  installProfile_update: async (world) => ({ params: await atProfile(world), body: { keyboard: 'us' } }),
  applianceMySoftware_getAll: async (world) => ({ params: await atProfile(world) }),
  applianceProject_getAll: async (world) => ({ params: await atProfile(world) }),

  appliance_export: async (world) => ({
    params: { aid: await world.once('exported', () => whole(world)), outputFormat: 'json' },
  }),
  applianceExport_get: async (world) => ({ params: await anExport(world) }),
  applianceExportStatus_get: async (world) => ({ params: await anExport(world) }),
  applianceExport_download: async (world) => ({ params: await anExport(world) }),
  applianceExport_cancel: async (world) => {
    const aid = await world.once('large', () => large(world));
    const made = await world.post(`/appliances/${aid}/exports`, {});
    return { params: { aid, eid: Number(/exports\/(\d+)/.exec(made)?.[1]) } };
  },
  applianceExport_delete: async (world) => ({ params: await anExport(world) }),
};
