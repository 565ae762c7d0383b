import * as vscode from 'vscode';
import type { Entry, Outline, Piece } from '../../appliance/language/outline.ts';
import { commandId } from '../commands/ids.ts';
import { definitionSelector } from '../definitions/files.ts';
import { kindOfDocument } from './kindOfDocument.ts';

const symbolKinds: Readonly<Record<Entry['kind'], vscode.SymbolKind>> = {
  object: vscode.SymbolKind.Object,
  list: vscode.SymbolKind.Array,
  value: vscode.SymbolKind.Property,
};

/** What stands around a definition's text: what to do with it, sizes in GB, the files it names, its outline. */
export class OutlineFeatures
  implements
    vscode.CodeLensProvider,
    vscode.InlayHintsProvider,
    vscode.DocumentLinkProvider,
    vscode.DocumentSymbolProvider,
    vscode.Disposable
{
  readonly #registrations = vscode.Disposable.from(
    vscode.languages.registerCodeLensProvider(definitionSelector, this),
    vscode.languages.registerInlayHintsProvider(definitionSelector, this),
    vscode.languages.registerDocumentLinkProvider(definitionSelector, this),
    vscode.languages.registerDocumentSymbolProvider(definitionSelector, this, { label: 'Appliance Forge' }),
  );

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { isDefinition } = await import('../definitions/files.ts');
    // Generating needs the file on a disk, under one of the names.
    if (document.uri.scheme !== 'file' || !isDefinition(document.uri)) return [];
    const { buildables = [] } = (await outlineOf(document)) ?? {};
    return buildables.map(({ targetFormat, ...piece }) => {
      const title =
        targetFormat === undefined
          ? vscode.l10n.t('Generate Image')
          : vscode.l10n.t('Generate Image for {0}', targetFormat);
      const command = commandId('generate');
      return new vscode.CodeLens(rangeOf(document, piece), {
        title: `$(package) ${title}`,
        command,
        arguments: targetFormat === undefined ? [document.uri] : [document.uri, targetFormat],
      });
    });
  }

  async provideInlayHints(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.InlayHint[]> {
    const { sizes = [] } = (await outlineOf(document)) ?? {};
    return sizes.flatMap(({ to, megabytes }) => {
      const position = document.positionAt(to);
      if (!range.contains(position)) return [];
      const gigabytes = (megabytes / 1024).toLocaleString(vscode.env.language, { maximumFractionDigits: 1 });
      const hint = new vscode.InlayHint(position, vscode.l10n.t('= {0} GB', gigabytes));
      hint.paddingLeft = true;
      return [hint];
    });
  }

  async provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const { files = [] } = (await outlineOf(document)) ?? {};
    return files.map(({ path, ...piece }) => {
      const folder = vscode.Uri.joinPath(document.uri, '..');
      const target = path.startsWith('/') ? document.uri.with({ path }) : vscode.Uri.joinPath(folder, path);
      return new vscode.DocumentLink(rangeOf(document, piece), target);
    });
  }

  async provideDocumentSymbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
    // JSON has an outline of its own.
    if (document.uri.path.endsWith('.json')) return [];
    const { entries = [] } = (await outlineOf(document)) ?? {};
    return entries.map((entry) => symbolFor(document, entry));
  }

  dispose(): void {
    this.#registrations.dispose();
  }
}

async function outlineOf(document: vscode.TextDocument): Promise<Outline | undefined> {
  const kind = await kindOfDocument(document);
  if (kind === undefined) return undefined;
  const { outlineOf: read } = await import('../../appliance/language/outline.ts');
  return read(kind, document.getText());
}

function symbolFor(document: vscode.TextDocument, entry: Entry): vscode.DocumentSymbol {
  const { name, detail, kind, nameFrom, nameTo, children } = entry;
  const own = rangeOf(document, { from: nameFrom, to: nameTo });
  const symbol = new vscode.DocumentSymbol(name, detail, symbolKinds[kind], rangeOf(document, entry), own);
  symbol.children = children.map((child) => symbolFor(document, child));
  return symbol;
}

function rangeOf(document: vscode.TextDocument, { from, to }: Piece): vscode.Range {
  return new vscode.Range(document.positionAt(from), document.positionAt(to));
}
