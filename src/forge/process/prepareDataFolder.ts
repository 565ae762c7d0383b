import { basename } from 'node:path';
import { makePrivateFolder } from '../../builder/index.ts';
import { makeFolder } from '../../uforge/download/makeFolder.ts';
import { softwareFolder, type DataFolder } from './paths.ts';
import { spreadFolders } from './spreadFolders.ts';

/** Makes the folder and its parts. @throws {BuildError} when it is another user's */
export async function prepareDataFolder(data: DataFolder): Promise<void> {
  await makePrivateFolder(data.root, (names) => names.includes(basename(data.database)));
  const software = softwareFolder(data);
  const folders = [data.appliances, data.images, data.logs, data.work, data.exports];
  for (const folder of [...folders, software.appliances, software.exports]) {
    await makeFolder(folder, 0o700);
  }
  await spreadFolders(data.work);
}
