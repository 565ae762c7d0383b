import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { TicketPoller } from '../../tickets/poller.ts';
import type { McpArguments } from '../arguments.ts';
import { openServer } from '../connect.ts';
import type { Environment } from '../environment.ts';
import { exitCodes, type ExitCode } from '../../generate/exitCodes.ts';
import { createMcpServer } from './mcpServer.ts';
import { processHost } from '../processHost.ts';

/**
 * Serves agents on standard input and output until the client hangs up or the signal is aborted. What is
 * being built on the forge goes on.
 * @throws {Failure} when credentials are missing
 */
export async function serveMcp(args: McpArguments, environment: Environment): Promise<ExitCode> {
  const { clock, signal } = environment;
  await using server = await openServer(args, environment, clock);
  const host = processHost(server, environment);
  using store = host.store;
  await using _machines = host.machines;
  using _poller = new TicketPoller({
    store,
    clients: host.clients,
    clock,
  });
  const mcp = createMcpServer(host);
  const { promise: ended, resolve: end } = Promise.withResolvers<true>();
  const hangUp = (): void => end(true);
  mcp.onclose = hangUp;
  process.stdin.once('end', hangUp).once('close', hangUp);
  signal.addEventListener('abort', hangUp, { once: true });
  await mcp.connect(new StdioServerTransport());
  if (!signal.aborted) await ended;
  await mcp.close();
  return exitCodes.done;
}
