export type InstallUris = ReturnType<typeof installUrisOf>;

/**
 * Where the parts of an appliance's install profile are. An appliance has one, and one partition table: their
 * id is its own.
 */
export function installUrisOf(applianceUri: string, id: number) {
  const profile = `${applianceUri}/installProfile/${id}`;
  const table = `${profile}/pt/${id}`;
  return {
    id,
    profile,
    nics: `${profile}/nics`,
    users: `${profile}/users`,
    groups: `${profile}/groups`,
    disks: `${table}/disks`,
    disk: (did: number) => `${table}/disks/${did}`,
    partitions: (did: number) => `${table}/disks/${did}/partitions`,
    volumeGroups: `${table}/groups`,
    volumeGroup: (gid: number) => `${table}/groups/${gid}`,
    volumes: `${table}/volumes`,
    volume: (vid: number) => `${table}/volumes/${vid}`,
  };
}
