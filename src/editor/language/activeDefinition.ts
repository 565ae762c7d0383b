import * as vscode from 'vscode';
import { setContext } from '../contextKeys.ts';
import { kindOfDocument } from '../definitions/kindOfDocument.ts';

/** Tells the menus whether the active text editor shows a definition, whatever its name is, and whether that asks for a publication. */
export class ActiveDefinition implements vscode.Disposable {
  #told = '';
  #publishes = false;
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
    const publishes =
      kind === 'representation' && /<(?:[\w.-]+:)?publishImage\b/.test(document?.getText() ?? '');
    if (publishes !== this.#publishes) setContext('publishRequest', publishes);
    this.#publishes = publishes;
    if (kind === this.#told) return;
    this.#told = kind;
    setContext('definition', kind);
  }
}
