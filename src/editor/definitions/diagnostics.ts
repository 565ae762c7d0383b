import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { definitionKindByExtension } from '../../appliance/find/definitions.ts';
import type { Problem } from '../../appliance/text/problem.ts';
import type { Clock } from '../../uforge/clock.ts';
import { visibleText } from '../../uforge/visibleText.ts';
import type { DefinitionChecks } from './checks.ts';
import { toRange } from './ranges.ts';

const quietMs = 300;

/**
 * Keeps the Problems panel in step with the definitions that are open. Works on the text in the editor, so it
 * needs neither trust nor a disk.
 */
export class DefinitionDiagnostics implements vscode.Disposable {
  readonly #checks: DefinitionChecks;
  readonly #clock: Clock;
  readonly #collection = vscode.languages.createDiagnosticCollection('applianceForge');
  /** What a template names may come and go. */
  readonly #files = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
  readonly #timers = new Map<string, Disposable>();
  readonly #subscriptions: vscode.Disposable;
  #disposed = false;

  constructor(checks: DefinitionChecks, clock: Clock) {
    this.#checks = checks;
    this.#clock = clock;
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => void this.check(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#checkSoon(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document.uri)),
      // What was an error in Restricted Mode is a question now.
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.checkAll()),
      this.#files,
      this.#files.onDidCreate((uri) => this.#filesChanged(uri)),
      this.#files.onDidDelete((uri) => this.#filesChanged(uri)),
      this.#collection,
    );
    this.checkAll();
  }

  /** Puts the problems of a file into the panel that was checked because it is to be built. */
  publish(uri: vscode.Uri, problems: readonly Problem[]): void {
    this.#collection.set(uri, problems.map(diagnosticFor));
  }

  /** Brings the panel in line with a document now. Never rejects. */
  async check(document: vscode.TextDocument): Promise<void> {
    if (!isChecked(document)) return;
    const { version, uri } = document;
    const problems = await this.#checks.problemsOf(document);
    const current = document.version === version && !document.isClosed;
    if (current && !this.#disposed) this.publish(uri, problems ?? []);
  }

  /** Brings the panel in line with all open documents: what they are checked against has changed. */
  checkAll(): void {
    for (const document of vscode.workspace.textDocuments) void this.check(document);
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    this.#subscriptions.dispose();
  }

  #filesChanged({ fsPath }: vscode.Uri): void {
    for (const document of vscode.workspace.textDocuments) {
      if (fsPath.startsWith(dirname(document.uri.fsPath))) this.#checkSoon(document);
    }
  }

  #checkSoon(document: vscode.TextDocument): void {
    if (!isChecked(document)) return;
    const name = document.uri.toString();
    this.#timers.get(name)?.[Symbol.dispose]();
    const timer = this.#clock.schedule(quietMs, () => {
      this.#timers.delete(name);
      if (!document.isClosed) void this.check(document);
    });
    this.#timers.set(name, timer);
  }

  #forget(uri: vscode.Uri): void {
    const name = uri.toString();
    this.#timers.get(name)?.[Symbol.dispose]();
    this.#timers.delete(name);
    this.#collection.delete(uri);
  }
}

/** Not the left side of a comparison, nor a log. A file of any name may turn out to be a definition. */
function isChecked(document: vscode.TextDocument): boolean {
  return document.uri.scheme !== 'git' && definitionKindByExtension(document.uri.path) !== undefined;
}

function diagnosticFor({ message, severity, range, code }: Problem): vscode.Diagnostic {
  const level = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(toRange(range), visibleText(message), level);
  diagnostic.source = 'Appliance Forge';
  diagnostic.code = code;
  return diagnostic;
}
