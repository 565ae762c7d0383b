import * as vscode from 'vscode';
import { definitionSelector } from '../definitions/files.ts';
import { kindOfDocument } from '../definitions/kindOfDocument.ts';
import { rangeOf } from '../definitions/ranges.ts';

const xml: vscode.DocumentFilter = { pattern: '**/*.xml' };

/** Start and end tag change together, elements fold, names are changed everywhere at once. */
export class TagFeatures
  implements
    vscode.LinkedEditingRangeProvider,
    vscode.FoldingRangeProvider,
    vscode.RenameProvider,
    vscode.Disposable
{
  readonly #registrations = vscode.Disposable.from(
    vscode.languages.registerLinkedEditingRangeProvider(xml, this),
    vscode.languages.registerFoldingRangeProvider(xml, this),
    vscode.languages.registerRenameProvider(definitionSelector, this),
  );

  async provideLinkedEditingRanges(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.LinkedEditingRanges | undefined> {
    if (kindOfDocument(document) !== 'representation') return undefined;
    const { tagPairAt } = await import('../../appliance/language/tags.ts');
    const pair = tagPairAt(document.getText(), document.offsetAt(position));
    if (pair === undefined) return undefined;
    const ranges = [rangeOf(document, pair.start), rangeOf(document, pair.end)];
    return new vscode.LinkedEditingRanges(ranges, /[\w.:-]*/);
  }

  async provideFoldingRanges(document: vscode.TextDocument): Promise<vscode.FoldingRange[] | undefined> {
    if (kindOfDocument(document) !== 'representation') return undefined;
    const { foldsOf } = await import('../../appliance/language/tags.ts');
    return foldsOf(document.getText()).map(
      ({ startLine, endLine, kind }) =>
        new vscode.FoldingRange(
          startLine,
          endLine,
          kind === 'comment' ? vscode.FoldingRangeKind.Comment : undefined,
        ),
    );
  }

  async prepareRename(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<{ range: vscode.Range; placeholder: string }> {
    const renaming = await renamingIn(document, position);
    if (renaming === undefined) {
      throw new Error(
        vscode.l10n.t(
          'Nothing here has a name to change: put the cursor on an element’s name, a volume group or an account.',
        ),
      );
    }
    return { range: rangeOf(document, renaming.here), placeholder: renaming.name };
  }

  async provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): Promise<vscode.WorkspaceEdit | undefined> {
    const renaming = await renamingIn(document, position);
    if (renaming === undefined) return undefined;
    if (!renaming.pattern.test(newName)) {
      throw new Error(
        renaming.expected === 'text'
          ? vscode.l10n.t('“{0}” can’t be a name: it has letters, digits, dots and dashes only.', newName)
          : vscode.l10n.t(
              '“{0}” can’t be a name in XML: it starts with a letter and has no blanks.',
              newName,
            ),
      );
    }
    const edit = new vscode.WorkspaceEdit();
    for (const place of renaming.places) edit.replace(document.uri, rangeOf(document, place), newName);
    return edit;
  }

  dispose(): void {
    this.#registrations.dispose();
  }
}

async function renamingIn(document: vscode.TextDocument, position: vscode.Position) {
  const kind = kindOfDocument(document);
  if (kind === undefined) return undefined;
  const { renamingAt } = await import('../../appliance/language/rename.ts');
  return renamingAt(kind, document.getText(), document.offsetAt(position));
}
