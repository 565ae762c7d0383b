/**
 * Where the parts of an appliance's install profile are. An appliance has one, and one partition table: their
 * id is its own.
 */
export class InstallUris {
  readonly id: number;
  readonly profile: string;

  constructor(applianceUri: string, aid: number) {
    this.id = aid;
    this.profile = `${applianceUri}/installProfile/${aid}`;
  }

  get nics(): string {
    return `${this.profile}/nics`;
  }

  get users(): string {
    return `${this.profile}/users`;
  }

  get groups(): string {
    return `${this.profile}/groups`;
  }

  get table(): string {
    return `${this.profile}/pt/${this.id}`;
  }

  get disks(): string {
    return `${this.table}/disks`;
  }

  disk(did: number): string {
    return `${this.disks}/${did}`;
  }

  partitions(did: number): string {
    return `${this.disk(did)}/partitions`;
  }

  get volumeGroups(): string {
    return `${this.table}/groups`;
  }

  volumeGroup(gid: number): string {
    return `${this.volumeGroups}/${gid}`;
  }

  get volumes(): string {
    return `${this.table}/volumes`;
  }

  volume(vid: number): string {
    return `${this.volumes}/${vid}`;
  }
}
