import * as vscode from 'vscode';
import type { Problem } from '../../appliance/text/problem.ts';

/** `1 error, 2 warnings`, or what there is of it. */
export function countsOf(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const parts = [
    errors === 1 ? vscode.l10n.t('1 error') : vscode.l10n.t('{0} errors', errors),
    warnings === 1 ? vscode.l10n.t('1 warning') : vscode.l10n.t('{0} warnings', warnings),
  ];
  return parts.filter((_part, index) => (index === 0 ? errors > 0 : warnings > 0)).join(', ');
}
