import * as vscode from 'vscode';
import { kindOfDocument } from '../definitions/kindOfDocument.ts';
import { differenceEdit } from '../definitions/ranges.ts';

/** Formats requests: the schema's order, one element a line. Others format YAML and JSON. */
export class RequestFormatting implements vscode.DocumentFormattingEditProvider, vscode.Disposable {
  readonly #registration = vscode.languages.registerDocumentFormattingEditProvider(
    { pattern: '**/*.xml' },
    this,
  );

  async provideDocumentFormattingEdits(
    document: vscode.TextDocument,
    { insertSpaces, tabSize }: vscode.FormattingOptions,
  ): Promise<vscode.TextEdit[]> {
    if (kindOfDocument(document) !== 'representation') return [];
    const { formatXml } = await import('../../appliance/request/formatRequest.ts');
    const text = document.getText();
    const formatted = formatXml(text, insertSpaces ? ' '.repeat(tabSize) : '\t');
    const edit = formatted === undefined ? undefined : differenceEdit(document, formatted);
    return edit === undefined ? [] : [edit];
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
