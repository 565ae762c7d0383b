import * as vscode from 'vscode';
import type { DefinitionKind } from '../appliance/find/definitions.ts';

/** Every context key of the extension, with its type. The only place that sets them. */
interface ContextKeys {
  /** There are credentials for the server in the settings. */
  signedIn: boolean;
  /** A server did not answer when it was asked last. */
  offline: boolean;
  /** Some images are hidden by the filter. */
  filtered: boolean;
  /** Whether the active editor is a log, and whether it keeps to its end; empty for something else. */
  log: 'followed' | 'left' | '';
  /** What the active text editor shows; empty for something else. */
  definition: DefinitionKind | '';
  /** Whether that asks for a publication. */
  publishRequest: boolean;
  /** Machines run in this window. */
  machines: boolean;
}

/** Tells menus and welcome texts what they ask for. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void vscode.commands.executeCommand('setContext', `applianceForge.${key}`, value);
}
