import * as vscode from 'vscode';
import { isRecord } from '../../uforge/isRecord.ts';
import { pickDefinition } from '../definitions/files.ts';
import type { ApplianceNode } from './tree.ts';

/** The template that is meant: a row's, a file's, or the one the person picks. */
export async function templateIn(argument: unknown, title: string): Promise<vscode.Uri | undefined> {
  const node = nodeIn(argument);
  if (node?.kind === 'template') return node.state.uri;
  if (argument instanceof vscode.Uri) return argument;
  return pickDefinition({ title, placeHolder: vscode.l10n.t('Template that is meant'), kind: 'template' });
}

/** The row of the view a menu was opened on. */
export function nodeIn(argument: unknown): ApplianceNode | undefined {
  const kind = isRecord(argument) ? argument['kind'] : undefined;
  return kind === 'template' || kind === 'serverAppliance' ? (argument as ApplianceNode) : undefined;
}
