import { dirname, isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import type { AgentHost, Released } from '../../agents/host.ts';
import type { PushMemory } from '../../appliance/archive/push.ts';
import { readDefinition } from '../../appliance/find/readRegularFile.ts';
import { InputError } from '../../generate/inputError.ts';
import type { TicketService } from '../../tickets/service.ts';
import type { TicketStore } from '../../tickets/store.ts';
import type { Clock } from '../../uforge/clock.ts';
import { nameOf, openSaved, saveBelow } from '../definitions/read.ts';
import { assertOnDisk, assertTrusted } from '../definitions/trust.ts';
import { localServer, type Servers } from '../server/servers.ts';

export interface WindowHostOptions {
  readonly servers: Servers;
  readonly service: TicketService;
  readonly store: TicketStore;
  readonly memory: PushMemory;
  readonly clock: Clock;
}

/** An agent's tools in this window: they see what the person sees, and their tickets are in its tree. */
export function windowHost({ servers, service, store, memory, clock }: WindowHostOptions): AgentHost {
  return {
    store,
    service,
    memory,
    clock,
    clients: (server, signal) => servers.client(server, signal),
    server: () => servers.current,
    label: (server) => servers.label(server),
    isLocal: (server) => server === localServer,
    pathOf: (file) => fileIn(file).fsPath,
    read,
    release,
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

async function read(path: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === path);
  if (open !== undefined) return open.getText();
  return readDefinition(path);
}

async function release(path: string): Promise<Released> {
  assertTrusted();
  const uri = vscode.Uri.file(path);
  assertOnDisk(uri);
  await vscode.workspace.fs.stat(uri).then(undefined, () => {
    throw new InputError(`There is no file ${nameOf(uri)}.`);
  });
  await openSaved(uri);
  await saveBelow(dirname(path));
  return {
    definition: uri.toString(),
    stopAt: vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath,
  };
}
