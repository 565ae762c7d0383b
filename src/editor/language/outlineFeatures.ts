import * as vscode from 'vscode';
import type { Entry, Outline } from '../../appliance/language/outline.ts';
import { commandId, type CommandName } from '../commandIds.ts';
import { definitionSelector } from '../definitions/files.ts';
import { kindOfDocument } from '../definitions/kindOfDocument.ts';
import { rangeOf } from '../definitions/ranges.ts';
import { labelText } from '../foreignText.ts';
import { answerUri } from './serverAnswers.ts';

const symbolKinds: Readonly<Record<Entry['kind'], vscode.SymbolKind>> = {
  object: vscode.SymbolKind.Object,
  list: vscode.SymbolKind.Array,
  value: vscode.SymbolKind.Property,
};

/** What stands around a definition's text: actions, sizes in GB, links to files, its outline. */
export class OutlineFeatures
  implements
    vscode.CodeLensProvider,
    vscode.InlayHintsProvider,
    vscode.DocumentLinkProvider,
    vscode.DocumentSymbolProvider,
    vscode.Disposable
{
  /** Four features ask for the same after every key. */
  readonly #outlines = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly outline: Outline }
  >();
  readonly #registrations = vscode.Disposable.from(
    vscode.languages.registerCodeLensProvider(definitionSelector, this),
    vscode.languages.registerInlayHintsProvider(definitionSelector, this),
    vscode.languages.registerDocumentLinkProvider(definitionSelector, this),
    vscode.languages.registerDocumentSymbolProvider(definitionSelector, this, { label: 'Appliance Forge' }),
  );

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    // Generating needs the file on a disk.
    if (document.uri.scheme !== 'file') return [];
    const { buildables = [] } = (await this.#outlineOf(document)) ?? {};
    return buildables.flatMap((buildable) => lensesFor(document, buildable));
  }

  async provideInlayHints(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.InlayHint[]> {
    const { sizes = [] } = (await this.#outlineOf(document)) ?? {};
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
    const { files = [], objects = [] } = (await this.#outlineOf(document)) ?? {};
    const folder = vscode.Uri.joinPath(document.uri, '..');
    const toFiles = files.map(({ path, ...piece }) => {
      const target = path.startsWith('/') ? document.uri.with({ path }) : vscode.Uri.joinPath(folder, path);
      return new vscode.DocumentLink(rangeOf(document, piece), target);
    });
    const toObjects = objects.map(({ uri, ...piece }) => {
      const link = new vscode.DocumentLink(rangeOf(document, piece), answerUri(uri));
      link.tooltip = vscode.l10n.t('Show what the server says about it');
      return link;
    });
    return [...toFiles, ...toObjects];
  }

  async provideDocumentSymbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
    // JSON has an outline of its own.
    if (document.uri.path.endsWith('.json')) return [];
    const { entries = [] } = (await this.#outlineOf(document)) ?? {};
    return entries.map((entry) => symbolFor(document, entry));
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  async #outlineOf(document: vscode.TextDocument): Promise<Outline | undefined> {
    const kind = kindOfDocument(document);
    if (kind === undefined) return undefined;
    const known = this.#outlines.get(document);
    if (known?.version === document.version) return known.outline;
    const { outlineOf } = await import('../../appliance/language/outline.ts');
    const { version } = document;
    const outline = outlineOf(kind, document.getText());
    this.#outlines.set(document, { version, outline });
    return outline;
  }
}

/** *Generate Image · Simulate · Check against Server* above the whole; above a builder the first two. */
function lensesFor(
  document: vscode.TextDocument,
  { targetFormat, ...piece }: Outline['buildables'][number],
): vscode.CodeLens[] {
  const range = rangeOf(document, piece);
  const format = targetFormat === undefined ? [] : [targetFormat];
  const lens = (icon: string, title: string, name: CommandName, tooltip: string): vscode.CodeLens =>
    new vscode.CodeLens(range, {
      // A common space between the two is not drawn.
      title: `$(${icon})\u00a0${title}`,
      tooltip,
      command: commandId(name),
      arguments: [document.uri, ...format],
    });
  const generate =
    targetFormat === undefined
      ? vscode.l10n.t('Generate Image')
      : vscode.l10n.t('Generate Image for {0}', labelText(targetFormat));
  const simulateTip = vscode.l10n.t('Check the dependencies on the server, without making an image');
  const checkTip = vscode.l10n.t('Ask the server whether it has everything that is named here');
  return [
    lens('package', generate, 'generate', vscode.l10n.t('Send the request to the server')),
    lens('beaker', vscode.l10n.t('Simulate'), 'simulate', simulateTip),
    ...(targetFormat === undefined
      ? [lens('check-all', vscode.l10n.t('Check against Server'), 'checkOnServer', checkTip)]
      : []),
  ];
}

function symbolFor(document: vscode.TextDocument, entry: Entry): vscode.DocumentSymbol {
  const { name, detail, kind, nameFrom, nameTo, children } = entry;
  const own = rangeOf(document, { from: nameFrom, to: nameTo });
  const symbol = new vscode.DocumentSymbol(name, detail, symbolKinds[kind], rangeOf(document, entry), own);
  symbol.children = children.map((child) => symbolFor(document, child));
  return symbol;
}
