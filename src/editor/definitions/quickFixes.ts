import * as vscode from 'vscode';
import type { Fix, Problem, Range, TextEdit } from '../../appliance/problem.ts';
import { definitionSelector } from './files.ts';

const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('applianceForge');

/** Offers the ways out of problems, and all at once what leaves no choice: also on saving, where that is switched on. */
export class DefinitionQuickFixes implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #registration = vscode.languages.registerCodeActionsProvider(definitionSelector, this, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind],
  });

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const { checkDefinition } = await import('./check.ts');
    const text = document.getText();
    const check = (each: string): readonly Problem[] => checkDefinition(document.uri.path, each);
    const problems = check(text);
    const actions: vscode.CodeAction[] = [];
    if (context.only === undefined || context.only.contains(vscode.CodeActionKind.QuickFix)) {
      for (const problem of problems) {
        if (toRange(problem.range).intersection(range) === undefined) continue;
        problem.fixes?.forEach((fix, index) => {
          actions.push(quickFix(document, problem, fix, index === 0, context));
        });
      }
    }
    const wanted = context.only === undefined ? actions.length > 0 : context.only.contains(fixAllKind);
    if (wanted || (context.only?.intersects(fixAllKind) ?? false)) {
      const { fixAll } = await import('../../appliance/textEdits.ts');
      const fixed = fixAll(text, check);
      if (fixed !== text) actions.push(fixEverything(document, text, fixed));
    }
    return actions;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function quickFix(
  document: vscode.TextDocument,
  { code, range }: Problem,
  { title, edits, choice }: Fix,
  isFirst: boolean,
  { diagnostics }: vscode.CodeActionContext,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(document.uri, edits.map(toEdit));
  const place = toRange(range);
  action.diagnostics = diagnostics.filter((each) => each.code === code && each.range.isEqual(place));
  action.isPreferred = isFirst && choice !== true;
  return action;
}

function fixEverything(document: vscode.TextDocument, text: string, fixed: string): vscode.CodeAction {
  const action = new vscode.CodeAction(vscode.l10n.t('Fix all problems that leave no choice'), fixAllKind);
  action.edit = new vscode.WorkspaceEdit();
  // Only the part that differs: the cursor and folded regions stay where they are.
  let start = 0;
  while (start < text.length && text[start] === fixed[start]) start++;
  let end = 0;
  while (end < Math.min(text.length, fixed.length) - start && text.at(-1 - end) === fixed.at(-1 - end)) end++;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(text.length - end));
  action.edit.replace(document.uri, range, fixed.slice(start, fixed.length - end));
  return action;
}

function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function toEdit({ range, newText }: TextEdit): vscode.TextEdit {
  return vscode.TextEdit.replace(toRange(range), newText);
}
