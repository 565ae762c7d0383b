/** What a publication's URI is made of. */
interface Publication {
  readonly id: number;
  readonly applianceId: number;
  readonly imageId: number;
}

/** The forge's own URIs: relative to the base URL, without a leading slash, as in every UForge DTO. */
export class Uris {
  readonly user: string;

  constructor(uid: string) {
    this.user = `users/${encodeURIComponent(uid)}`;
  }

  appliance(aid: number): string {
    return `${this.user}/appliances/${aid}`;
  }

  images(aid: number): string {
    return `${this.appliance(aid)}/images`;
  }

  image(aid: number, itid: number): string {
    return `${this.images(aid)}/${itid}`;
  }

  status(aid: number, itid: number): string {
    return `${this.image(aid, itid)}/status`;
  }

  publication({ applianceId, imageId, id }: Publication): string {
    return `${this.image(applianceId, imageId)}/pimages/${id}`;
  }

  deployment(did: number): string {
    return `${this.user}/deployments/${did}`;
  }

  cloudAccount(caid: number): string {
    return `${this.user}/accounts/${caid}`;
  }

  osProfile(aid: number): string {
    return `${this.appliance(aid)}/osprofile/${aid}`;
  }

  bootScripts(aid: number): string {
    return `${this.appliance(aid)}/bootscripts`;
  }

  export(aid: number, eid: number): string {
    return `${this.appliance(aid)}/exports/${eid}`;
  }

  mySoftware(msid: number): string {
    return `${this.user}/mysoftware/${msid}`;
  }

  import(iid: number): string {
    return `${this.user}/imports/${iid}`;
  }
}
