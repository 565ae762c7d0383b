import * as vscode from 'vscode';
import type { ComparedFile } from '../../appliance/archive/compare.ts';

const scheme = 'appliance-forge-compare';

/** Shows how two versions of a template differ, in the diff editor: the server's left, the file's right. */
export class Comparisons implements vscode.TextDocumentContentProvider, vscode.Disposable {
  /** Texts of the documents that are open or about to be. */
  readonly #texts = new Map<string, string>();
  readonly #subscriptions: vscode.Disposable;
  #count = 0;

  constructor() {
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  /** @param files at least one */
  async show(title: string, files: readonly ComparedFile[]): Promise<void> {
    this.#count += 1;
    const sides = files.map(({ path, left, right }) => ({
      label: vscode.Uri.from({ scheme, path: `/${path}` }),
      left: this.#document(path, 'server', left),
      right: this.#document(path, 'file', right),
    }));
    const [only, ...more] = sides;
    if (only !== undefined && more.length === 0) {
      await vscode.commands.executeCommand('vscode.diff', only.left, only.right, title, { preview: true });
      return;
    }
    const resources = sides.map(({ label, left, right }) => [label, left, right]);
    await vscode.commands.executeCommand('vscode.changes', title, resources);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #document(path: string, side: 'server' | 'file', text = ''): vscode.Uri {
    // Another comparison of the same file is another document.
    const uri = vscode.Uri.from({ scheme, authority: side, path: `/${path}`, query: String(this.#count) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }
}
