/** What a publication's URI is made of. */
interface Publication {
  readonly id: number;
  readonly applianceId: number;
  readonly imageId: number;
}

export type Uris = ReturnType<typeof urisOf>;

/** The forge's own URIs: relative to the base URL, without a leading slash, as in every UForge DTO. */
export function urisOf(uid: string) {
  const user = `users/${encodeURIComponent(uid)}`;
  const appliance = (aid: number): string => `${user}/appliances/${aid}`;
  const image = (aid: number, itid: number): string => `${appliance(aid)}/images/${itid}`;
  return {
    user,
    appliance,
    images: (aid: number) => `${appliance(aid)}/images`,
    image,
    status: (aid: number, itid: number) => `${image(aid, itid)}/status`,
    publication: ({ applianceId, imageId, id }: Publication) =>
      `${image(applianceId, imageId)}/pimages/${id}`,
    deployment: (did: number) => `${user}/deployments/${did}`,
    cloudAccount: (caid: number) => `${user}/accounts/${caid}`,
    osProfile: (aid: number) => `${appliance(aid)}/osprofile/${aid}`,
    bootScripts: (aid: number) => `${appliance(aid)}/bootscripts`,
    export: (aid: number, eid: number) => `${appliance(aid)}/exports/${eid}`,
    mySoftware: (msid: number) => `${user}/mysoftware/${msid}`,
    import: (iid: number) => `${user}/imports/${iid}`,
  };
}
