import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AgentHost, Released } from '../../agents/host.ts';
import { readDefinition } from '../../appliance/find/readRegularFile.ts';
import { InputError } from '../../generate/inputError.ts';
import { TicketService } from '../../tickets/service.ts';
import { TicketStore } from '../../tickets/store.ts';
import type { Server } from '../connect.ts';
import type { Environment } from '../environment.ts';
import { PushMemoryFile } from '../../generate/pushMemory.ts';

/** An agent's tools in a process of their own: one server, paths from the current folder, files as they are on the disk. */
export function processHost(server: Server, { clock, dataDir }: Environment): AgentHost {
  const store = new TicketStore({ load: () => undefined, save: () => Promise.resolve() }, () => undefined);
  return {
    store,
    clock,
    service: new TicketService({ store, clients: server.clients, clock }),
    clients: server.clients,
    memory: new PushMemoryFile(join(dataDir, 'pushed.json')),
    server: () => server.name,
    label: () => (server.isLocal ? 'local forge' : new URL(server.name).host),
    isLocal: () => server.isLocal,
    pathOf: (file) => (file.startsWith('file:') ? fileURLToPath(file) : resolve(file)),
    read: readDefinition,
    release,
  };
}

async function release(path: string): Promise<Released> {
  const found = await stat(path).catch((error: unknown) => {
    throw missingFile(path, error);
  });
  if (!found.isFile()) throw new InputError(`${path} is not a file.`);
  return { definition: pathToFileURL(path).href };
}

function missingFile(path: string, error: unknown): unknown {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing ? new InputError(`There is no file ${path}.`) : error;
}
