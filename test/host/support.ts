import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { ApplianceForgeApi } from '../../src/editor/agents/extensionApi.ts';

/** The extension under test, active. */
export async function extension(): Promise<ApplianceForgeApi> {
  const found = vscode.extensions.getExtension<ApplianceForgeApi>('appliance-forge.appliance-forge');
  if (found === undefined) throw new Error('The extension is not installed.');
  return found.activate();
}

/** The workspace's folder: a private copy of examples/. */
export function examples(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('No folder is open.');
  return folder.uri;
}

/** Waits until something is so; says what was waited for when it doesn't come. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for: ${what}`);
    await sleep(50);
  }
}

/** Has VS Code start the MCP server it is offered. Resolves with VS Code's name for that one of its tools. */
export async function startMcpServer(tool: string): Promise<string> {
  const named = (): string | undefined =>
    vscode.lm.tools.find(({ name }) => name.startsWith('mcp_appliance_for') && name.endsWith(tool))?.name;
  await until(async () => {
    // Which servers there are VS Code finds out a little later than the extension is active.
    await vscode.commands.executeCommand('workbench.mcp.startServer', '*', { waitForLiveTools: true });
    return named() !== undefined;
  }, 'VS Code to start the MCP server');
  return named()!;
}
