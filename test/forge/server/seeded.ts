import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder } from '../../../src/forge/process/paths.ts';
import { prepareDataFolder } from '../../../src/forge/process/prepareDataFolder.ts';
import { ApplianceStore } from '../../../src/forge/store/applianceStore.ts';
import { Database } from '../../../src/forge/store/database.ts';
import { TicketStore } from '../../../src/forge/store/ticketStore.ts';
import { systemClock } from '../../../src/uforge/clock.ts';

const qcow2 = { targetFormat: 'QCOW2', extension: 'qcow2', mimeType: 'application/x-qemu-disk' };

/**
 * Leaves a finished image in a data folder, as a forge that was stopped since did, without the minutes of a
 * build.
 */
export async function leaveImage(
  directory: string,
  content: Uint8Array,
  request = '{"image":{"compress":true}}',
  { targetFormat, extension, mimeType } = qcow2,
): Promise<{ readonly uri: string; readonly fileName: string; readonly sha256: string }> {
  const data = dataFolder(directory);
  await prepareDataFolder(data);
  using database = new Database(data.database);
  const appliances = new ApplianceStore(database, systemClock);
  const appliance =
    appliances.find(1, 'left', '1.0') ??
    appliances.create(
      1,
      {
        name: 'left',
        version: '1.0',
        templateFile: 'template.yml',
        archiveSize: 1,
        description: undefined,
        distribution: 'Debian 12',
        arch: 'x86_64',
      },
      { imported: true },
    );
  await mkdir(data.appliance(appliance.id, appliance.revision), { recursive: true });
  const tickets = new TicketStore(database, systemClock);
  const ticket = tickets.create({
    applianceId: appliance.id,
    revision: appliance.revision,
    targetFormat,
    request,
  });
  const fileName = `left 1.0rev1 ü.${extension}`;
  const sha256 = createHash('sha256').update(content).digest('hex');
  const md5 = createHash('md5').update(content).digest('hex');
  tickets.start(ticket.id, 'Starting');
  const file = {
    fileName,
    fileExtension: extension,
    mimeType,
    size: content.length,
    sha256,
    md5,
  };
  tickets.finish(ticket.id, 'Done', file, [
    { name: 'bash', version: '5.2', release: '1', arch: 'amd64', profile: true },
  ]);
  await mkdir(data.image(ticket.id), { recursive: true });
  await writeFile(join(data.image(ticket.id), fileName), content);
  await writeFile(data.log(ticket.id), 'said the build\n');
  return { uri: `/users/forge/appliances/${appliance.id}/images/${ticket.id}`, fileName, sha256 };
}
