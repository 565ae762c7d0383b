import * as vscode from 'vscode';
import type { Stack } from '../../appliance/template/model/template.ts';
import { pickMany } from '../inputs.ts';

/**
 * Lets the person pick target formats to build a template for: its builders', which are all picked at first,
 * or a server's, of which none is. None when they change their mind.
 */
export async function pickFormats(
  { name, version }: Stack,
  formats: readonly string[] | Promise<readonly string[]>,
): Promise<readonly string[]> {
  const picked = !(formats instanceof Promise);
  const items = Promise.resolve(formats).then((names) =>
    names.map((format) => ({ label: format, name: format, picked })),
  );
  const picks = await pickMany(items, {
    title: vscode.l10n.t('Generate Image'),
    placeHolder: vscode.l10n.t('Target formats to build {0} for', `${name} ${version}`),
  });
  return (picks ?? []).map((pick) => pick.name);
}
