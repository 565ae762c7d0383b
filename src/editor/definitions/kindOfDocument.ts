import type * as vscode from 'vscode';
import { definitionKind, type DefinitionKind } from '../../appliance/find/definitions.ts';
import { kindOfText } from '../../appliance/find/kindOfText.ts';

interface Recognised {
  readonly version: number;
  readonly kind: DefinitionKind | undefined;
}

/** Every feature asks with every key; the answer is the same until the text changes. */
const recognised = new WeakMap<vscode.TextDocument, Recognised>();

/** What a document is by its name and its text; nothing for the left side of a comparison. */
export function kindOfDocument(document: vscode.TextDocument): DefinitionKind | undefined {
  const known = recognised.get(document);
  if (known?.version === document.version) return known.kind;
  const { version, uri } = document;
  const text = document.getText();
  // In an empty template.yml there is nothing to tell it by yet, and nobody else's to spoil.
  const found = kindOfText(uri.path, text) ?? (text.trim() === '' ? definitionKind(uri.path) : undefined);
  const kind = uri.scheme === 'git' ? undefined : found;
  recognised.set(document, { version, kind });
  return kind;
}
