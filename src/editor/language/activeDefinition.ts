import * as vscode from 'vscode';
import { setContext } from '../contextKeys.ts';
import { kindOfDocument } from '../definitions/kindOfDocument.ts';

/** Tells the menus whether the active text editor shows a definition, whatever its name is. */
export class ActiveDefinition implements vscode.Disposable {
  #told = '';
  readonly #subscriptions = vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(() => this.#tell()),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) this.#tell();
    }),
  );

  constructor() {
    this.#tell();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #tell(): void {
    const document = vscode.window.activeTextEditor?.document;
    const kind = (document && kindOfDocument(document)) ?? '';
    if (kind === this.#told) return;
    this.#told = kind;
    setContext('definition', kind);
  }
}
