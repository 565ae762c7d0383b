import { dirname, isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { AgentMachines } from '../../agents/agentMachines.ts';
import type { AgentHost } from '../../agents/host.ts';
import type { ServerSide } from '../../generate/host.ts';
import { InputError } from '../../generate/inputError.ts';
import type { PublicationStore } from '../../tickets/publication.ts';
import type { PublicationService } from '../../tickets/publicationService.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { isThere, nameOf, openSaved, readShown, saveBelow, templateLimit } from '../definitions/read.ts';
import { assertOnDisk, assertTrusted, whyNotStarted } from '../definitions/trust.ts';
import type { Servers } from '../server/servers.ts';

export interface WindowHostOptions extends Omit<ServerSide, 'clients'> {
  readonly servers: Servers;
  readonly store: TicketStore;
  readonly publications: PublicationStore;
  readonly publishing: PublicationService;
  readonly machines: AgentMachines;
}

/** An agent's tools in this window: they see what the person sees, and their tickets are in its tree. */
export function windowHost({ servers, ...host }: WindowHostOptions): AgentHost {
  return {
    ...host,
    clients: (server, signal) => servers.client(server, signal),
    server: () => servers.current,
    label: (server) => servers.label(server),
    pathOf: (file) => fileIn(file).fsPath,
    assertMayStart: () => assertTrusted(whyNotStarted()),
    uriOf: (path) => vscode.Uri.file(path).toString(),
    read: readShown,
    release,
    stopAt: templateLimit,
    workingFolder: templateLimit,
  };
}

/** A path or `file:` URI as an address; relative paths are below the workspace folder. */
function fileIn(file: string): vscode.Uri {
  if (file.startsWith('file:')) return vscode.Uri.parse(file, true);
  if (isAbsolute(file)) return vscode.Uri.file(file);
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first = '', ...rest] = file.split(/[\\/]/);
  const named = folders.length > 1 ? folders.find(({ name }) => name === first) : undefined;
  if (named !== undefined) return vscode.Uri.joinPath(named.uri, ...rest);
  const [folder] = folders;
  if (folder !== undefined) return vscode.Uri.joinPath(folder.uri, file);
  throw new InputError(`No folder is open, so “${file}” can’t be found. Give an absolute path.`);
}

async function release(path: string): Promise<void> {
  assertTrusted();
  const uri = vscode.Uri.file(path);
  assertOnDisk(uri);
  if (!(await isThere(uri))) throw new InputError(`There is no file ${nameOf(uri)}.`);
  await openSaved(uri);
  await saveBelow(dirname(path));
}
