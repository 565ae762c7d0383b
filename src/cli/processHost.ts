import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AgentMachines } from '../agents/agentMachines.ts';
import type { AgentHost } from '../agents/host.ts';
import { readDefinition } from '../appliance/find/readRegularFile.ts';
import { PublicationStore } from '../tickets/publication.ts';
import { PublicationService } from '../tickets/publicationService.ts';
import { TicketService } from '../tickets/service.ts';
import { TicketStore } from '../tickets/store.ts';
import { labelOf, type Server } from './connect.ts';
import type { Environment } from './environment.ts';
import { lastFolder } from './lastFolder.ts';
import { PushMemoryFile } from '../generate/pushMemory.ts';

/**
 * An agent's tools in a process of their own: one server, paths from the current folder, files as they are on
 * the disk.
 */
export function processHost(server: Server, { clock, dataDir }: Environment): AgentHost {
  const nothing = { load: () => undefined, save: () => Promise.resolve() };
  const store = new TicketStore(nothing, () => undefined);
  const publications = new PublicationStore(nothing, () => undefined);
  return {
    store,
    publications,
    publishing: new PublicationService({ store: publications, clients: server.clients, clock }),
    clock,
    machines: new AgentMachines(),
    service: new TicketService({ store, clients: server.clients, clock }),
    clients: server.clients,
    memory: new PushMemoryFile(join(dataDir, 'pushed.json')),
    server: () => server.name,
    label: () => labelOf(server),
    pathOf: (file) => (file.startsWith('file:') ? fileURLToPath(file) : resolve(file)),
    assertMayStart: () => undefined,
    uriOf: (path) => pathToFileURL(path).href,
    read: readDefinition,
    release: () => Promise.resolve(),
    stopAt: lastFolder,
    workingFolder: () => process.cwd(),
  };
}
