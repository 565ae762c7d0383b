import * as vscode from 'vscode';
import type { Translations } from '../uforge/language/sentence.ts';

/** VS Code's language for sentences of rooms below the editor, which have no `vscode.l10n`. English needs no table. */
export async function displayLanguage(): Promise<Translations> {
  if (!/^fr\b/i.test(vscode.env.language)) return {};
  const { translations } = await import('../uforge/language/languages.ts');
  return translations.fr;
}
