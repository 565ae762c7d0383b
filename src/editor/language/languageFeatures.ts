import * as vscode from 'vscode';
import { escapeSnippet, type Completion } from '../../appliance/language/completion.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import { definitionSelector } from '../definitions/files.ts';
import { kindOfDocument } from '../definitions/kindOfDocument.ts';
import { rangeOf } from '../definitions/ranges.ts';
import { displayLanguage } from '../displayLanguage.ts';
import { labelText } from '../foreignText.ts';
import { markdown } from '../markdown.ts';
import { abortOn } from '../progress.ts';
import type { Knowledge } from '../server/knowledge.ts';

const itemKinds: Readonly<Record<Completion['kind'], vscode.CompletionItemKind>> = {
  element: vscode.CompletionItemKind.Property,
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  type: vscode.CompletionItemKind.Class,
  snippet: vscode.CompletionItemKind.Snippet,
};

/** Completion and hover in definitions. What knows the language is loaded with the first question. */
export class LanguageFeatures
  implements vscode.CompletionItemProvider, vscode.HoverProvider, vscode.Disposable
{
  readonly #knowledge: Knowledge;
  readonly #registrations = vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(definitionSelector, this, '<', '/', ':', '"', ' '),
    vscode.languages.registerHoverProvider(definitionSelector, this),
  );

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem[] | vscode.CompletionList | undefined> {
    const kind = kindOfDocument(document);
    if (kind === undefined) return undefined;
    const { completeAt } = await import('../../appliance/language/language.ts');
    const language = await displayLanguage();
    const text = document.getText();
    // In an empty file nothing tells JSON from YAML but the name.
    if (text.trim() === '' && document.uri.path.endsWith('.json')) return undefined;
    const offset = document.offsetAt(position);
    const packages = kind === 'template' ? await this.#packages(document, position, token) : undefined;
    if (packages !== undefined) return packages;
    return completeAt(kind, text, offset, this.#knowledge.current, hasSchema(document), language).map(
      (completion, index) => toItem(document, position, completion, index),
    );
  }

  /** The server is asked anew with every letter: it has far more packages than a list can show. */
  async #packages(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionList | undefined> {
    const distributions = this.#knowledge.current?.distributions;
    if (distributions === undefined) return undefined;
    const { typedPackageAt } = await import('../../appliance/language/language.ts');
    const { distributionOf } = await import('../../appliance/catalog/serverKnowledge.ts');
    const { lackingFor } = await import('../../appliance/catalog/packageRepositories.ts');
    const typed = typedPackageAt(document.getText(), document.offsetAt(position));
    const distribution = typed && distributionOf(distributions, typed.system);
    if (typed === undefined || distribution === undefined) return undefined;
    using cancellation = abortOn(token);
    const found = await this.#knowledge
      .search(distribution, typed.typed, cancellation.signal)
      .catch(() => []);
    const items = found.map(({ name, version, repository }, index) => {
      const { from, to } = typed;
      const lacking = lackingFor([repository], typed.sources);
      const detail = lacking === undefined ? version : `${version} · ${repository}`;
      const shown = { label: name, kind: 'value' as const, detail, documentation: '' };
      return toItem(document, position, { ...shown, insertText: escapeSnippet(name), from, to }, index);
    });
    return new vscode.CompletionList(items, true);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const kind = kindOfDocument(document);
    if (kind === undefined || hasSchema(document)) return undefined;
    const { hoverAt } = await import('../../appliance/language/language.ts');
    const language = await displayLanguage();
    const found = hoverAt(kind, document.getText(), document.offsetAt(position), language);
    if (found === undefined) return undefined;
    return new vscode.Hover(markdown(found.text), rangeOf(document, found));
  }

  dispose(): void {
    this.#registrations.dispose();
  }
}

/** VS Code completes and explains such a file by the schema this extension brings (`jsonValidation`). */
function hasSchema({ uri }: vscode.TextDocument): boolean {
  return uri.path.endsWith('/template.json');
}

function toItem(
  document: vscode.TextDocument,
  position: vscode.Position,
  completion: Completion,
  index: number,
): vscode.CompletionItem {
  const { label, kind, detail, documentation, insertText, from, to } = completion;
  const item = new vscode.CompletionItem(labelText(label), itemKinds[kind]);
  // What is typed is compared with the label as it is.
  item.filterText = label;
  item.insertText = new vscode.SnippetString(insertText);
  item.documentation = markdown(documentation);
  item.detail = visibleLine(detail);
  // The order is ours: required first, then the schema's.
  item.sortText = String(index).padStart(4, '0');
  const start = document.positionAt(from);
  const end = document.positionAt(to);
  const range = new vscode.Range(start, end.isAfter(position) ? end : position);
  item.range = { inserting: new vscode.Range(start, position), replacing: range };
  return item;
}
