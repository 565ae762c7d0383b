import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { ApplianceForgeApi } from '../../src/editor/api.ts';

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
export async function until(condition: () => boolean, what: string, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for: ${what}`);
    await sleep(50);
  }
}
