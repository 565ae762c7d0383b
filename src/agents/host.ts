import type { UnattendedHost } from '../generate/unattended.ts';
import type { AgentMachines } from './agentMachines.ts';

/** Where an agent's tools work: an editor's window, or the MCP server. Nobody can be asked there. */
export interface AgentHost extends UnattendedHost {
  readonly machines: AgentMachines;
  /** What a person calls a server. */
  label(server: string): string;
  /** The absolute path an agent means. @throws {InputError} for one that can't be told */
  pathOf(file: string): string;
}
