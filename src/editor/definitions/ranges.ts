import * as vscode from 'vscode';
import type { Range, TextEdit } from '../../appliance/text/problem.ts';

/** A piece of a definition, as offsets into its text. */
interface Piece {
  readonly from: number;
  readonly to: number;
}

export function rangeOf(document: vscode.TextDocument, { from, to }: Piece): vscode.Range {
  return new vscode.Range(document.positionAt(from), document.positionAt(to));
}

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

export function toEdit({ range, newText }: TextEdit): vscode.TextEdit {
  return vscode.TextEdit.replace(toRange(range), newText);
}

/** Makes a document's text another one by replacing what differs: cursor and folded regions stay. */
export function differenceEdit(document: vscode.TextDocument, wanted: string): vscode.TextEdit | undefined {
  const text = document.getText();
  if (text === wanted) return undefined;
  let start = 0;
  while (start < text.length && text[start] === wanted[start]) start++;
  let end = 0;
  const most = Math.min(text.length, wanted.length) - start;
  while (end < most && text.at(-1 - end) === wanted.at(-1 - end)) end++;
  const range = rangeOf(document, { from: start, to: text.length - end });
  return vscode.TextEdit.replace(range, wanted.slice(start, wanted.length - end));
}
