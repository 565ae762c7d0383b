import type * as vscode from 'vscode';
import type { DefinitionKind } from '../../appliance/definitions.ts';

/** What a document is by its name and its text; nothing for somebody else's. */
export async function kindOfDocument(document: vscode.TextDocument): Promise<DefinitionKind | undefined> {
  const { kindOfText } = await import('../definitions/check.ts');
  const { definitionKind } = await import('../../appliance/definitions.ts');
  const text = document.getText();
  const kind = kindOfText(document.uri.path, text);
  // In an empty template.yml there is nothing to tell it by yet, and nobody else's to spoil.
  return kind ?? (text.trim() === '' ? definitionKind(document.uri.path) : undefined);
}
