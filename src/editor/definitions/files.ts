import * as vscode from 'vscode';
import { definitionGlob, definitionKind, type DefinitionKind } from '../../appliance/find/definitions.ts';
import { pickOne } from '../inputs.ts';
import { inform } from '../messages.ts';

/**
 * The documents that may be a definition: those of the known names, and any XML, YAML or JSON that turns out
 * to be one by what is in it (see `checkDefinition`).
 */
export const definitionSelector: readonly vscode.DocumentFilter[] = [
  { pattern: definitionGlob },
  { pattern: '**/*.{xml,yml,yaml,json}' },
];

const excluded = '**/{node_modules,.git,dist,out}/**';

/** All definitions in the workspace, in the order of their paths. */
export async function findDefinitions(): Promise<readonly vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(definitionGlob, excluded);
  return files.toSorted((a, b) => a.path.localeCompare(b.path));
}

interface DefinitionPick extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** What a definition is picked for. */
export interface DefinitionQuestion {
  readonly title: string;
  readonly placeHolder: string;
  /** The only kind that is meant; every kind unless given. */
  readonly kind?: DefinitionKind;
}

/** Lets the person pick one of the workspace's definitions; the one in the active editor comes first. */
export async function pickDefinition({
  title = vscode.l10n.t('Generate Image'),
  placeHolder = vscode.l10n.t('Definition to build an image from'),
  kind,
}: Partial<DefinitionQuestion> = {}): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  const items = findDefinitions().then((files) => {
    const picks = files
      .filter(({ path }) => kind === undefined || definitionKind(path) === kind)
      .map(pickFor);
    return picks.toSorted(
      (a, b) => Number(b.uri.toString() === active) - Number(a.uri.toString() === active),
    );
  });
  if ((await items).length === 0) {
    void inform(
      vscode.l10n.t(
        'This workspace has no representation.xml and no template.yml, template.yaml or template.json.',
      ),
    );
    return undefined;
  }
  const pick = await pickOne(items, { title, placeHolder });
  return pick?.uri;
}

function pickFor(uri: vscode.Uri): DefinitionPick {
  const path = vscode.workspace.asRelativePath(uri);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const icon = definitionKind(uri.path) === 'representation' ? 'file-code' : 'package';
  return { uri, label: name, description: path, iconPath: new vscode.ThemeIcon(icon) };
}
