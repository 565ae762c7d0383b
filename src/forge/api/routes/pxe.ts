import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isSystemError } from '../../../uforge/systemError.ts';
import type { Answer } from '../http/answer.ts';
import { unauthorized } from '../http/authentication.ts';
import { idOf } from '../../process/forge.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import { find } from './images.ts';
import type { Call, Routes } from './route.ts';

/**
 * The script that boots one image, among the image's files. It finds the others in `files`, an iPXE variable
 * with a URL.
 */
const imageScript = 'boot.ipxe';

/**
 * Images that are booted over the network. Their files lie in `files/` of the ticket's image folder;
 * `boot.ipxe` among them boots the image. `files/KEY/…` is the same as `files/…`, for who has no credentials.
 */
export const pxeRoutes: Routes = {
  machineImageFile_download: async (call) => {
    const filepath = openedPath(call);
    const { id, state } = find(call);
    if (state !== 'done') {
      throw new Refusal('ERROR.IMAGE.NOT_READY', sentence`Image ${id} is not complete: it has no files.`);
    }
    const missing = sentence`Image ${id} has no file ${filepath}.`;
    const path = await fileBelow(call.forge.data.imageFiles(id), filepath);
    if (path === undefined) throw notFound(missing, filepath);
    const { size, mtime } = await stat(path);
    return {
      kind: 'file',
      path,
      missing,
      fileName: filepath.split('/').at(-1) ?? '',
      mimeType: 'application/octet-stream',
      sha256: await call.forge.fileDigests.of(path, size, mtime.getTime()),
      lastModified: mtime,
    };
  },

  /**
   * An iPXE menu of the user's network images, the newest first. It has the images' keys and no credentials:
   * whoever gets it can boot these images, and do nothing else.
   */
  pxeBootScript_download: ({ forge, owner, uris, host }): Answer => {
    const images = forge.tickets
      .ofOwner(owner.id)
      .filter(({ id, state }) => state === 'done' && existsSync(join(forge.data.imageFiles(id), imageScript)))
      .reverse();
    const newest = images[0];
    if (newest === undefined) {
      throw notFound(
        sentence`You have no image that boots over the network. Generate one in the format PXE.`,
      );
    }
    const items = images.map(({ id, applianceId, revision }) => {
      const { name = '', version = '' } = forge.appliances.get(applianceId) ?? {};
      return `item ${id} ${plain(`${name} ${version} revision ${revision}`)} (image ${id})`;
    });
    const boots = images.map(
      ({ id, applianceId }) =>
        `:${id}\nset files \${base}${uris.image(applianceId, id)}/files/${forge.fileKeys.keyOf(id)}\nchain \${files}/${imageScript} || goto start`,
    );
    const lines = [
      '#!ipxe',
      `set base http://${host}/api/`,
      ':start',
      'menu Images of the local forge',
      ...items,
      `choose --default ${newest.id} --timeout 10000 image && goto \${image} || exit`,
      ...boots,
    ];
    const body = Buffer.from(`${lines.join('\n')}\n`);
    return { kind: 'bytes', body, mimeType: 'application/octet-stream' };
  },
};

/**
 * The file's path without the key in it, if there is one. @throws {Refusal} 401 without credentials and key
 */
function openedPath({ forge, user, param }: Call): string {
  const filepath = param('filepath');
  const [first = '', ...rest] = filepath.split('/');
  const isKeyed = rest.length > 0 && forge.fileKeys.isValid(idOf(param('itid')), first);
  if (user === undefined && !isKeyed)
    throw unauthorized(sentence`The files of an image need its key, or credentials.`);
  return isKeyed ? rest.join('/') : filepath;
}

/**
 * The file of that name below the folder, wherever symbolic links lead; undefined for what is not a file
 * there.
 */
async function fileBelow(folder: string, name: string): Promise<string | undefined> {
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0')))
    return undefined;
  try {
    const path = await realpath(join(folder, ...parts));
    const isInside = path.startsWith(`${await realpath(folder)}${sep}`);
    return isInside && (await stat(path)).isFile() ? path : undefined;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG')) return undefined;
    throw error;
  }
}

/** What an iPXE script may hold in a line: no line break, no `${`. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,_()+-]/gu, ' ');
}
