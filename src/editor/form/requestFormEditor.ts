import * as vscode from 'vscode';
import type { TextEdit } from '../../appliance/text/problem.ts';
import { commandId } from '../commandIds.ts';
import type { DefinitionChecks } from '../definitions/checks.ts';
import { toEdit } from '../definitions/ranges.ts';
import { displayLanguage } from '../displayLanguage.ts';
import type { ErrorReporter } from '../errors.ts';
import type { Knowledge } from '../server/knowledge.ts';
import { fillWebview } from '../webview.ts';
import type { FromPage, PageFix } from './pageMessages.ts';

/** As package.json has it under `customEditors`. */
export const formViewType = 'applianceForge.requestForm';

export interface FormOptions {
  readonly extensionUri: vscode.Uri;
  readonly checks: DefinitionChecks;
  readonly knowledge: Knowledge;
  readonly errors: ErrorReporter;
}

/**
 * A request for an image as a form, for “Open With…”. It shows the text of the document and changes that very
 * text by the least edits: undo, saving and the text beside it are VS Code's own.
 */
export class RequestFormEditor implements vscode.CustomTextEditorProvider, vscode.Disposable {
  readonly #options: FormOptions;
  readonly #registration: vscode.Disposable;

  constructor(options: FormOptions) {
    this.#options = options;
    this.#registration = vscode.window.registerCustomEditorProvider(formViewType, this);
  }

  async resolveCustomTextEditor(
    document: vscode.TextDocument,
    panel: vscode.WebviewPanel,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { requestForm } = await import('../../appliance/form/requestForm.ts');
    const edits = await import('../../appliance/form/edits.ts');
    const { pageFor } = await import('./page.ts');
    const language = await displayLanguage();
    if (token.isCancellationRequested) return;
    const { knowledge, errors } = this.#options;
    const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
    let changes = Promise.resolve();
    let answered = 0;
    const show = (): void => {
      const page = pageFor(requestForm(document.getText(), knowledge.current, language), name, answered);
      void panel.webview.postMessage(page);
    };
    /** One change after the other, each of the text as the one before has left it. */
    const change = async (editsOf: (text: string) => readonly TextEdit[]): Promise<void> => {
      const own = changes.then(() => apply(document, editsOf(document.getText())));
      changes = own.catch(() => undefined);
      try {
        await own;
      } finally {
        answered++;
        // What could not be changed is shown as it is.
        show();
      }
    };
    const act = async (message: FromPage): Promise<void> => {
      switch (message.type) {
        case 'ready':
          answered = 0;
          show();
          break;
        case 'set':
          await change((text) => edits.fieldEdits(text, message.id, message.value));
          break;
        case 'add':
          await change((text) => edits.addItemEdits(text, message.id));
          break;
        case 'remove':
          await change((text) => edits.removeItemEdits(text, message.id));
          break;
        case 'move':
          await change((text) => edits.moveItemEdits(text, message.id, message.by));
          break;
        case 'fix':
          await this.#fix(document, message.fix, message.line);
          break;
        case 'reveal':
          await showText(document.uri, message.line);
          break;
        case 'act':
          if (message.name === 'showText') await showText(document.uri);
          else await vscode.commands.executeCommand(commandId(message.name), document.uri);
      }
    };
    const listeners = vscode.Disposable.from(
      panel.webview.onDidReceiveMessage((message: FromPage) => {
        act(message).catch((error: unknown) => {
          errors.show(error);
        });
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) show();
      }),
      knowledge.onDidChange(show),
    );
    panel.onDidDispose(() => void listeners.dispose());
    fillWebview(panel.webview, this.#options.extensionUri, 'requestForm');
  }

  dispose(): void {
    this.#registration.dispose();
  }

  /** Makes the fix again that the page was shown: the text may have changed since. */
  async #fix(document: vscode.TextDocument, { code, index, title }: PageFix, line: number): Promise<void> {
    const problems = (await this.#options.checks.problemsOf(document)) ?? [];
    const problem = problems.find(
      (each) => each.code === code && each.range.start.line === line && each.fixes?.[index]?.title === title,
    );
    await apply(document, problem?.fixes?.[index]?.edits ?? []);
  }
}

async function apply(document: vscode.TextDocument, edits: readonly TextEdit[]): Promise<void> {
  if (edits.length === 0) return;
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, edits.map(toEdit));
  await vscode.workspace.applyEdit(edit);
}

/** The text itself, beside the form, where the line is. */
async function showText(uri: vscode.Uri, line?: number): Promise<void> {
  const place = line === undefined ? undefined : new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(uri, {
    viewColumn: vscode.ViewColumn.Beside,
    ...(place !== undefined && { selection: place }),
  });
}
