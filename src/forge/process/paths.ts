import { join, resolve } from 'node:path';

const place = 'place-';
const places = 32;

/** Whether it is the name of such a place in the folder `work`. */
export function isPlace(name: string): boolean {
  return /^place-\d+$/.test(name);
}

/** Where software of users' own lies, in the same ways as appliances. */
export function softwareFolder(data: DataFolder): DataFolder {
  const [appliances, exports] = [join(data.root, 'software'), join(data.root, 'software-exports')];
  return {
    ...data,
    appliances,
    exports,
    appliance: (id, revision) => join(appliances, String(id), String(revision)),
    export: (eid) => join(exports, `${eid}.tar.gz`),
  };
}

export type DataFolder = Readonly<ReturnType<typeof dataFolder>>;

/** Where everything lies that a forge keeps. All paths are absolute. */
export function dataFolder(directory: string) {
  const root = resolve(directory);
  const [appliances, images, logs] = [join(root, 'appliances'), join(root, 'images'), join(root, 'logs')];
  const [work, exports] = [join(root, 'work'), join(root, 'exports')];
  return {
    root,
    database: join(root, 'forge.db'),
    lock: join(root, 'forge.lock'),
    /** Some room on the disk (reserve.ts). */
    reserve: join(root, 'forge.reserve'),
    /** Opens the secrets in the database. */
    vaultKey: join(root, 'vault.key'),
    /** A certificate of the forge's own. */
    tls: join(root, 'tls'),
    /**
     * A symbolic link to the discovery socket; the socket itself lies where short paths and private folders
     * are.
     */
    socketLink: join(root, 'forge.sock'),
    appliances,
    images,
    logs,
    work,
    exports,
    /** The archive of an export. */
    export: (eid: number) => join(exports, `${eid}.tar.gz`),
    /** The unpacked archive of one revision of an appliance. */
    appliance: (id: number, revision: number) => join(appliances, String(id), String(revision)),
    /** The finished file of a ticket lies in here. */
    image: (itid: number) => join(images, String(itid)),
    /** Files of an image that are asked for one by one, as for booting over the network. */
    imageFiles: (itid: number) => join(images, String(itid), 'files'),
    log: (itid: number) => join(logs, `${itid}.log`),
    /**
     * Private to one build; wiped when the build ends and whenever the forge starts. Builds take turns at a
     * few places that stay, so that none follows another one at once (`spreadFolders`).
     */
    workOf: (itid: number) => join(work, `${place}${itid % places}`, String(itid)),
  };
}
