import type * as vscode from 'vscode';
import type { Problem } from '../../appliance/problem.ts';
import type { ServerKnowledge } from '../../appliance/serverKnowledge.ts';
import { kindOfDocument } from '../language/kindOfDocument.ts';

interface Checked {
  readonly version: number;
  readonly known: ServerKnowledge | undefined;
  readonly problems: readonly Problem[];
}

/** What is wrong in open documents, each found out once a version: panel, quick fixes and form ask for the same. */
export class DefinitionChecks {
  readonly #checked = new WeakMap<vscode.TextDocument, Checked>();
  readonly #knowledge: () => ServerKnowledge | undefined;

  /** `knowledge`: what the server has, as far as it is known right now. */
  constructor(knowledge: () => ServerKnowledge | undefined) {
    this.#knowledge = knowledge;
  }

  /** Nothing for a document that is no definition. The parsers come with the first one. */
  async problemsOf(document: vscode.TextDocument): Promise<readonly Problem[] | undefined> {
    const kind = kindOfDocument(document);
    if (kind === undefined) return undefined;
    const { checkDefinition } = await import('./check.ts');
    const { version } = document;
    const known = this.#knowledge();
    const before = this.#checked.get(document);
    if (before?.version === version && before.known === known) return before.problems;
    const problems = checkDefinition(kind, document.uri.path, document.getText(), known);
    this.#checked.set(document, { version, known, problems });
    return problems;
  }

  /** The text after everything is put right that leaves no choice. */
  async fixed(document: vscode.TextDocument): Promise<string> {
    const text = document.getText();
    const kind = kindOfDocument(document);
    if (kind === undefined) return text;
    const { checkDefinition } = await import('./check.ts');
    const { fixAll } = await import('../../appliance/textEdits.ts');
    const known = this.#knowledge();
    return fixAll(text, (each) => checkDefinition(kind, document.uri.path, each, known));
  }
}
