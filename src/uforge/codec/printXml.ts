import { escapeXml } from '../escapeXml.ts';
import { uforgeNamespace, xsiNamespace, type OutNode } from './tree.ts';

/** Prints a document with only the root element in the namespace, which is what the schema says. */
export function printXml(root: OutNode): string {
  const out = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'];
  const xsi = hasType(root) ? ` xmlns:xsi="${xsiNamespace}"` : '';
  printElement(root, `ns0:${root.name}`, ` xmlns:ns0="${uforgeNamespace}"${xsi}`, out);
  return out.join('');
}

function printElement(node: OutNode, tag: string, attributes: string, out: string[]): void {
  const type = node.type === undefined ? '' : ` xsi:type="ns0:${node.type}"`;
  const start = `<${tag}${attributes}${type}`;
  const { content } = node;
  if (content.kind === 'scalar') {
    out.push(start, '>', escapeText(content.text), `</${tag}>`);
    return;
  }
  const children = content.kind === 'list' ? content.items : content.children;
  if (children.length === 0) {
    out.push(start, '/>');
    return;
  }
  out.push(start, '>');
  for (const child of children) printElement(child, child.name, '', out);
  out.push(`</${tag}>`);
}

function hasType(node: OutNode): boolean {
  if (node.type !== undefined) return true;
  const { content } = node;
  return (
    content.kind !== 'scalar' && (content.kind === 'list' ? content.items : content.children).some(hasType)
  );
}

/** XML has no way to write most control characters; U+FFFD stands for them, and for half surrogate pairs. */
function escapeText(text: string): string {
  return (
    escapeXml(text.toWellFormed())
      .replaceAll('\r', '&#13;')
      // eslint-disable-next-line no-control-regex -- these are the ones meant
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
  );
}
