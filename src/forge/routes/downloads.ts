import { join } from 'node:path';
import type { Answer } from '../http/answer.ts';
import { notFound, Refusal } from '../refusal.ts';
import { requestOf } from '../present/image.ts';
import { idOf } from '../forge.ts';
import type { Call, Routes } from './route.ts';

export const downloadRoutes: Routes = {
  machineImage_download: (call) => download(call, undefined),
  machineImage_downloadFile: (call) => download(call, call.param('fileName')),
};

/** Whoever has the one-time key needs no credentials; whoever has credentials needs no key. */
function download(call: Call, fileName: string | undefined): Answer {
  const { forge, user, owner, query } = call;
  const itid = idOf(call.param('itid'));
  const key = query.get('downloadId');
  if (user === undefined && (key === null || !forge.downloadKeys.isValid(itid, key))) {
    throw key === null
      ? new Refusal('ERROR.AUTHENTICATION.INVALID', 'A download needs its key, or credentials.', {
          headers: { 'www-authenticate': 'Basic realm="UForge", charset="UTF-8"' },
        })
      : spentKey();
  }
  const ticket = forge.ticket(owner, call.param('aid'), call.param('itid'));
  const { file } = ticket;
  if (ticket.state === 'done' && file === undefined) {
    throw new Refusal(
      'ERROR.IMAGE.NOT_READY',
      `Image ${ticket.id} is only a simulation: no image was made, there is no file to download.`,
    );
  }
  if (ticket.state !== 'done' || file === undefined) {
    throw new Refusal(
      'ERROR.IMAGE.NOT_READY',
      `Image ${ticket.id} is not complete: there is no file to download.`,
    );
  }
  if (requestOf(ticket).compress === false) {
    throw new Refusal(
      'ERROR.IMAGE.NOT_COMPRESSED',
      `Image ${ticket.id} was requested without compress, so it can't be downloaded.`,
    );
  }
  if (fileName !== undefined && fileName !== file.fileName) {
    throw notFound(`Image ${ticket.id} has no file ${fileName}.`, fileName);
  }
  return {
    kind: 'file',
    path: join(forge.data.image(ticket.id), file.fileName),
    missing: `The file of image ${ticket.id} is not on the forge's disk any more. Generate the image again.`,
    fileName: file.fileName,
    mimeType: file.mimeType,
    sha256: file.sha256,
    lastModified: ticket.modified,
    onSend: () => {
      // Two may have come with the same key at the same moment: the second one is too late.
      const spent = key !== null && forge.downloadKeys.spend(itid, key);
      if (!spent && user === undefined) throw spentKey();
      forge.tickets.downloaded(itid);
    },
  };
}

function spentKey(): Refusal {
  return new Refusal(
    'ERROR.DOWNLOAD.KEY',
    'This download key has been used. Get the image again for a new one.',
  );
}
