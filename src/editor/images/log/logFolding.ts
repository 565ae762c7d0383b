import * as vscode from 'vscode';
import { stageRanges } from './logStages.ts';

/** Folds a ticket's log stage by stage. */
export class LogFolding implements vscode.FoldingRangeProvider {
  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    const lines = document.getText().split('\n');
    return stageRanges(lines).map(({ start, end }) => new vscode.FoldingRange(start, end));
  }
}
