import { join, resolve } from 'node:path';

/** Where everything lies that a forge keeps. All paths are absolute. */
export interface DataFolder {
  readonly root: string;
  readonly database: string;
  readonly lock: string;
  /** Some room on the disk (reserve.ts). */
  readonly reserve: string;
  /** Opens the secrets in the database. */
  readonly vaultKey: string;
  /**
   * A symbolic link to the discovery socket; the socket itself lies where short paths and private folders
   * are.
   */
  readonly socketLink: string;
  readonly appliances: string;
  readonly images: string;
  readonly logs: string;
  readonly work: string;
  /** The unpacked archive of one revision of an appliance. */
  appliance(id: number, revision: number): string;
  /** The finished file of a ticket lies in here. */
  image(itid: number): string;
  /** Files of an image that are asked for one by one, as for booting over the network. */
  imageFiles(itid: number): string;
  log(itid: number): string;
  readonly exports: string;
  /** The archive of an export. */
  export(eid: number): string;
  /**
   * Private to one build; wiped when the build ends and whenever the forge starts. Builds take turns at a few
   * places that stay, so that none follows another one at once (`spreadFolders`).
   */
  workOf(itid: number): string;
}

const place = 'place-';
const places = 32;

/** Whether it is the name of such a place in the folder `work`. */
export function isPlace(name: string): boolean {
  return /^place-\d+$/.test(name);
}

export function dataFolder(directory: string): DataFolder {
  const root = resolve(directory);
  const appliances = join(root, 'appliances');
  const images = join(root, 'images');
  const logs = join(root, 'logs');
  const work = join(root, 'work');
  const exports = join(root, 'exports');
  return {
    root,
    database: join(root, 'forge.db'),
    lock: join(root, 'forge.lock'),
    reserve: join(root, 'forge.reserve'),
    vaultKey: join(root, 'vault.key'),
    socketLink: join(root, 'forge.sock'),
    appliances,
    images,
    logs,
    work,
    exports,
    export: (eid) => join(exports, `${eid}.tar.gz`),
    appliance: (id, revision) => join(appliances, String(id), String(revision)),
    image: (itid) => join(images, String(itid)),
    imageFiles: (itid) => join(images, String(itid), 'files'),
    log: (itid) => join(logs, `${itid}.log`),
    workOf: (itid) => join(work, `${place}${itid % places}`, String(itid)),
  };
}
