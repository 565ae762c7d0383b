// The SDK calls `Server` deprecated in favour of `McpServer`, and means it for beginners: `McpServer` brings
// zod 3 and a second converter of schemas, 110 KB for what our table of tools does already.
/* eslint-disable @typescript-eslint/no-deprecated */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
  type Tool as McpTool,
  type ToolAnnotations,
} from '@modelcontextprotocol/sdk/types.js';
import { callTool } from '../../agents/callTool.ts';
import type { AgentHost } from '../../agents/host.ts';
import { inputSchemas } from '../../agents/inputSchemas.ts';
import type { Effect, Tool, ToolProgress } from '../../agents/tool.ts';
import { tools } from '../../agents/allTools.ts';
import { cliVersion } from '../version.ts';

export type McpServer = Server;

const instructions =
  'Appliance Forge builds bootable machine images from definitions: image requests (representation.xml) and templates ' +
  '(template.yml). Check a definition, generate an image, then follow its ticket to the end; when it fails, explain ' +
  'the failure and mend the definition. A build takes minutes and goes on when this server ends. A file that was ' +
  'downloaded can be started and tested here; its machine ends with this server.';

/** What clients decide by whether to ask their user first. */
const annotations: Readonly<Record<Effect, ToolAnnotations>> = {
  reads: { readOnlyHint: true, openWorldHint: false },
  builds: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  runs: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  cancels: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  // A name that is taken at a platform may move to the new image.
  publishes: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
};

/** The tools as a server of the Model Context Protocol, not yet connected. */
export function createMcpServer(host: AgentHost): McpServer {
  const server = new Server(
    { name: 'appliance-forge', title: 'Appliance Forge', version: cliVersion },
    { instructions, capabilities: { tools: {} } },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(described) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}.`);
    const token = params._meta?.progressToken;
    const report = ({ message, percentage }: ToolProgress): void => {
      if (token === undefined) return;
      const progress = { progressToken: token, progress: percentage, total: 100, message };
      // A client that has gone wants no progress.
      void sendNotification({ method: 'notifications/progress', params: progress }).catch(() => undefined);
    };
    const { ok, answer } = await callTool(tool, params.arguments, { host, signal, report });
    return resultOf(answer, !ok);
  });
  return server;
}

function described({ name, title, description, effect }: Tool): McpTool {
  const inputSchema = inputSchemas[name] as McpTool['inputSchema'];
  return { name, title, description, inputSchema, annotations: { title, ...annotations[effect] } };
}

/** Errors are results, as the protocol wants them: the model sees them. Older clients read the text only. */
function resultOf(answer: object, isError: boolean): CallToolResult {
  return {
    content: [{ type: 'text', text: JSON.stringify(answer) }],
    structuredContent: answer as Record<string, unknown>,
    ...(isError && { isError }),
  };
}
