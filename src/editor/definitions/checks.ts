import * as vscode from 'vscode';
import type { ServerKnowledge } from '../../appliance/catalog/serverKnowledge.ts';
import type { CheckedText } from '../../appliance/language/problemsInText.ts';
import type { Problem } from '../../appliance/text/problem.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { kindOfDocument } from './kindOfDocument.ts';
import { templateLimit } from './read.ts';

interface Checked {
  readonly version: number;
  readonly known: ServerKnowledge | undefined;
  readonly definition: CheckedText;
}

/** What is wrong in open documents, found out once a version for panel, quick fixes and form. */
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
    const { checkText } = await import('../../appliance/language/problemsInText.ts');
    const language = await displayLanguage();
    const { version } = document;
    const known = this.#knowledge();
    const before = this.#checked.get(document);
    if (before?.version === version && before.known === known)
      return withSources(document, before.definition);
    const definition = checkText(kind, document.uri.path, document.getText(), known, language);
    this.#checked.set(document, { version, known, definition });
    return withSources(document, definition);
  }

  /** The text after everything is put right that leaves no choice. */
  async fixed(document: vscode.TextDocument): Promise<string> {
    const text = document.getText();
    const kind = kindOfDocument(document);
    if (kind === undefined) return text;
    const { checkText } = await import('../../appliance/language/problemsInText.ts');
    const { fixAll } = await import('../../appliance/text/edits.ts');
    const known = this.#knowledge();
    return fixAll(text, (each) => checkText(kind, document.uri.path, each, known).problems);
  }
}

/**
 * Adds the files outside the template's folder, those that are not there, and boot scripts no system could start.
 * Looked for each time: links on the disk and trust change
 * without the text. In a workspace that is not trusted it is an error, elsewhere a person is asked when they
 * are packed.
 */
async function withSources(
  { uri }: vscode.TextDocument,
  { problems, sources: named }: CheckedText,
): Promise<readonly Problem[]> {
  if (uri.scheme !== 'file' || named === undefined) return problems;
  const { told } = await import('../../appliance/text/problem.ts');
  const { located, outsideProblem, outsideSources } =
    await import('../../appliance/archive/outsideSources.ts');
  const { bootScriptProblems } = await import('../../appliance/archive/bootScriptText.ts');
  const sources = await located(uri.fsPath, named, templateLimit(uri.fsPath));
  const outside = await outsideSources(uri.fsPath, sources);
  const severity = vscode.workspace.isTrusted ? 'warning' : 'error';
  const { missingSources } = await import('../../appliance/archive/missingSources.ts');
  const missing = await missingSources(sources, outside);
  const refused = outside.map((each) => outsideProblem(each, severity));
  const scripts = await bootScriptProblems(uri.fsPath, sources);
  return [...problems, ...told([...refused, ...missing, ...scripts], await displayLanguage())];
}
