import * as vscode from 'vscode';
import { newRequest } from '../../appliance/request/newRequest.ts';
import type { Knowledge } from '../server/knowledge.ts';
import { documentedFormats, formatChoices, machineSteps, type MachineAnswers } from './machineSteps.ts';
import { create, fileStep, folderFor, type NewFile } from './newFile.ts';
import { askPick, kept, runSteps } from './steps.ts';

/**
 * Asks what an image is for and how big its machine is, and writes the request. Resolves with the new file,
 * or with nothing when the person changed their mind.
 */
export async function newImageRequest(
  argument: unknown,
  { knowledge }: { readonly knowledge: Knowledge },
): Promise<vscode.Uri | undefined> {
  const file: NewFile = { folder: await folderFor(argument), path: '' };
  const answers: MachineAnswers = {};
  // What is known already is enough: whoever writes a request does not wait for a server.
  const formats = knowledge.current?.formats ?? documentedFormats;
  let targetFormat = 'VirtualBox';
  const finished = await runSteps(vscode.l10n.t('New Image Request'), [
    async (place) => {
      const answer = await askPick(place, {
        placeholder: vscode.l10n.t('What the image is for'),
        choices: formatChoices(formats),
        isActive: (name) => name === targetFormat,
      });
      return kept(answer, (name) => (targetFormat = name));
    },
    ...machineSteps(() => [targetFormat], answers),
    fileStep('representation', file, 'representation.xml'),
  ]);
  return finished ? create(file, newRequest({ targetFormat, ...answers }), 'xml') : undefined;
}
