import * as vscode from 'vscode';
import type { Fix, Problem } from '../../appliance/text/problem.ts';
import { commandId } from '../commandIds.ts';
import type { DefinitionChecks } from './checks.ts';
import { definitionSelector } from './files.ts';
import { kindOfDocument } from './kindOfDocument.ts';
import { differenceEdit, rangeOf, toEdit, toRange } from './ranges.ts';

const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('applianceForge');

/** Offers to fix everything; what that changes is worked out when it is chosen. */
class FixEverything extends vscode.CodeAction {
  readonly document: vscode.TextDocument;

  constructor(document: vscode.TextDocument, kind: vscode.CodeActionKind) {
    super(vscode.l10n.t('Fix all problems that leave no choice'), kind);
    this.document = document;
  }
}

/** Offers fixes of problems, and all at once where there is no choice: on saving too, if switched on. */
export class DefinitionQuickFixes implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #checks: DefinitionChecks;
  readonly #registration = vscode.languages.registerCodeActionsProvider(definitionSelector, this, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind],
  });

  constructor(checks: DefinitionChecks) {
    this.#checks = checks;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { only, diagnostics }: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    if (kindOfDocument(document) === undefined) return [];
    // Asked for with every save: then it has to be whole.
    if (only !== undefined && (only.contains(fixAllKind) || fixAllKind.contains(only))) {
      const action = await this.#filled(new FixEverything(document, fixAllKind));
      return action.edit === undefined ? [] : [action];
    }
    if (only !== undefined && !only.contains(vscode.CodeActionKind.QuickFix)) return [];
    const moves = await moveAction(document, range);
    const problems = (await this.#checks.problemsOf(document)) ?? [];
    const here = problems.filter((problem) => toRange(problem.range).intersection(range) !== undefined);
    const actions = here.flatMap((problem) =>
      (problem.fixes ?? []).map((fix, index) => quickFix(document, problem, fix, index === 0, diagnostics)),
    );
    const others = problems.some(({ fixes }) => fixes?.[0] !== undefined && fixes[0].choice !== true);
    const more = problems.length > 1 && others && here.length > 0;
    const all = more ? [new FixEverything(document, vscode.CodeActionKind.QuickFix)] : [];
    return [...actions, ...moves, ...all];
  }

  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    return action instanceof FixEverything ? this.#filled(action) : action;
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async #filled(action: FixEverything): Promise<vscode.CodeAction> {
    const { document } = action;
    const edit = differenceEdit(document, await this.#checks.fixed(document));
    if (edit === undefined) return action;
    action.edit = new vscode.WorkspaceEdit();
    action.edit.set(document.uri, [edit]);
    return action;
  }
}

/** The way out of a template for another distribution, where that is named. */
async function moveAction(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
  if (kindOfDocument(document) !== 'template') return [];
  const { foreignSystemIn } = await import('../../appliance/template/moveToDebian.ts');
  const place = foreignSystemIn(document.getText());
  if (place === undefined || rangeOf(document, place).intersection(range) === undefined) return [];
  const title = vscode.l10n.t('Move to Debian…');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command: commandId('moveToDebian'), arguments: [document.uri] };
  return [action];
}

function quickFix(
  document: vscode.TextDocument,
  { code, range }: Problem,
  { title, edits, choice }: Fix,
  isFirst: boolean,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(document.uri, edits.map(toEdit));
  const place = toRange(range);
  action.diagnostics = diagnostics.filter((each) => each.code === code && each.range.isEqual(place));
  action.isPreferred = isFirst && choice !== true;
  return action;
}
