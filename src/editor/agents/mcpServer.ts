import { join } from 'node:path';
import * as vscode from 'vscode';
import { variables } from '../../generate/variables.ts';
import { localServer } from '../../tickets/clients.ts';
import { isPlainHttp } from '../../uforge/plainHttp.ts';
import { proxySettings } from '../server/proxySettings.ts';
import type { Servers } from '../server/servers.ts';
import { readSettings } from '../settings.ts';
import { serverEnvironment } from './serverEnvironment.ts';

const providerId = 'applianceForge.mcp';

export interface McpServerOptions {
  readonly extension: vscode.ExtensionContext;
  readonly servers: Servers;
  /** Data folder of the local forge: the MCP server's images are the window's. */
  readonly forgeFolder: string;
}

/**
 * Offers the MCP server (`dist/cli.js mcp`) to VS Code, which starts it for agents that speak the protocol.
 * Secrets reach it through its environment, and only when it starts.
 */
export class McpServerOffer
  implements vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition>, vscode.Disposable
{
  readonly #options: McpServerOptions;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeMcpServerDefinitions = this.#changed.event;

  constructor(options: McpServerOptions) {
    this.#options = options;
    this.#subscription = vscode.Disposable.from(
      vscode.lm.registerMcpServerDefinitionProvider(providerId, this),
      options.servers.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('applianceForge.agents')) this.#changed.fire();
      }),
      this.#changed,
    );
  }

  provideMcpServerDefinitions(): vscode.McpStdioServerDefinition[] {
    // The server is a process of its own that knows of no Restricted Mode, and builds what it is told to.
    if (!readSettings().offersMcpServer || !vscode.workspace.isTrusted) return [];
    const { extension, forgeFolder, servers } = this.#options;
    const { version } = extension.extension.packageJSON as { readonly version: string };
    const script = join(extension.extensionPath, 'dist', 'cli.js');
    const cache = process.env['FORGE_CACHE'] ?? '';
    const definition = new vscode.McpStdioServerDefinition(
      'Appliance Forge',
      process.execPath,
      [script, 'mcp'],
      {
        // On desktop, execPath is Electron: the variable makes it behave as Node.
        ELECTRON_RUN_AS_NODE: '1',
        [variables.data]: forgeFolder,
        ...(cache !== '' && { FORGE_CACHE: cache }),
      },
      // Another server makes it another one: VS Code starts it anew then.
      `${version} ${servers.current}`,
    );
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
    if (folder !== undefined) definition.cwd = folder.uri;
    return [definition];
  }

  /** Another server than the local forge needs a sign-in: throws a sentence when there is none. */
  async resolveMcpServerDefinition(
    definition: vscode.McpStdioServerDefinition,
  ): Promise<vscode.McpStdioServerDefinition> {
    const { servers } = this.#options;
    const server = servers.current;
    if (server === localServer) return definition;
    const credentials = await servers.signedIn(server);
    if (credentials === undefined) {
      throw new Error(vscode.l10n.t('You are not signed in to {0}.', servers.label(server)));
    }
    // Whoever is signed in over plain http has said yes to that.
    const http = isPlainHttp(new URL(server)) ? ['--allow-http'] : [];
    definition.args = [...definition.args, '--server', server, '--user', credentials.login, ...http];
    const route = proxySettings(new URL(server));
    definition.env = {
      ...definition.env,
      ...serverEnvironment(credentials, servers.trustIn(server), route),
    };
    return definition;
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
