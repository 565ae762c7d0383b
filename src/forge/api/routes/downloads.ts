import { join } from 'node:path';
import type { Answer } from '../http/answer.ts';
import { unauthorized } from '../http/authentication.ts';
import { idOf } from '../../process/forge.ts';
import type { DownloadKeys } from '../../images/downloadKeys.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { TicketRecord } from '../../store/ticketStore.ts';
import { find as findPublication } from './publications.ts';
import type { Call, Routes } from './route.ts';

export const downloadRoutes: Routes = {
  machineImage_download: (call) => image(call, undefined),
  machineImage_downloadFile: (call) => image(call, call.param('fileName')),

  /** The file that was published; the WADL calls the key `id`, the text `downloadId`. */
  machineImagePublished_download: (call) => {
    const { forge, query } = call;
    const key = query.get('id') ?? query.get('downloadId');
    const spend = opened(call, idOf(call.param('pitid')), key, forge.publicationKeys);
    const record = findPublication(call);
    const ticket = forge.tickets.get(record.imageId);
    if (record.state !== 'done') {
      throw new Refusal(
        'ERROR.IMAGE.NOT_READY',
        sentence`Publication ${record.id} is not complete: there is no file to download.`,
      );
    }
    if (ticket === undefined)
      throw notFound(sentence`The image of publication ${record.id} has been deleted.`);
    return fileOf(call, ticket, spend);
  },
};

function image(call: Call, fileName: string | undefined): Answer {
  const { forge, owner, query } = call;
  const spend = opened(call, idOf(call.param('itid')), query.get('downloadId'), forge.downloadKeys);
  const ticket = forge.ticket(owner, call.param('aid'), call.param('itid'));
  const { file } = ticket;
  if (file !== undefined && fileName !== undefined && fileName !== file.fileName) {
    throw notFound(sentence`Image ${ticket.id} has no file ${fileName}.`, fileName);
  }
  return fileOf(call, ticket, spend);
}

/**
 * Whoever has the one-time key needs no credentials; whoever has credentials needs no key. @returns what
 * spends the key, which may be too late: two may have come with it at the same moment
 */
function opened({ user }: Call, id: number, key: string | null, keys: DownloadKeys): () => void {
  if (user === undefined && (key === null || !keys.isValid(id, key))) {
    throw key === null ? unauthorized(sentence`A download needs its key, or credentials.`) : spentKey();
  }
  return () => {
    const spent = key !== null && keys.spend(id, key);
    if (!spent && user === undefined) throw spentKey();
  };
}

function fileOf({ forge }: Call, ticket: TicketRecord, spend: () => void): Answer {
  const { id, file, state } = ticket;
  if (state !== 'done' || file === undefined) {
    throw new Refusal(
      'ERROR.IMAGE.NOT_READY',
      state === 'done'
        ? sentence`Image ${id} is only a simulation: no image was made, there is no file to download.`
        : sentence`Image ${id} is not complete, there is no file to download.`,
    );
  }
  return {
    kind: 'file',
    path: join(forge.data.image(id), file.fileName),
    missing: sentence`The file of image ${id} is not on the forge's disk any more. Generate the image again.`,
    fileName: file.fileName,
    mimeType: file.mimeType,
    sha256: file.sha256,
    lastModified: ticket.modified,
    onSend: () => {
      spend();
      forge.tickets.downloaded(id);
    },
  };
}

function spentKey(): Refusal {
  return new Refusal(
    'ERROR.DOWNLOAD.KEY',
    sentence`This download key has been used. Get the image again for a new one.`,
  );
}
