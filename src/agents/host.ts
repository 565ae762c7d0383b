import type { UnattendedHost } from '../generate/unattended.ts';
import type { PublicationStore } from '../tickets/publication.ts';
import type { PublicationService } from '../tickets/publicationService.ts';
import type { AgentMachines } from './agentMachines.ts';

/** Where an agent's tools work: an editor's window, or the MCP server. Nobody can be asked there. */
export interface AgentHost extends UnattendedHost {
  readonly publications: PublicationStore;
  readonly publishing: PublicationService;
  readonly machines: AgentMachines;
  /** What a person calls a server. */
  label(server: string): string;
  /** The absolute path an agent means. @throws {InputError} for one that can't be told */
  pathOf(file: string): string;
  /** Before a file becomes a machine. @throws where the person has not said that they trust what is here */
  assertMayStart(): void;
}
