import { SaxesParser, type SaxesTagNS } from 'saxes';
import { UForgeError } from '../errors.ts';
import {
  uforgeNamespace,
  xsiNamespace,
  type Bounds,
  type InDocument,
  type InNode,
  type OutNode,
} from './tree.ts';

interface OpenNode {
  readonly name: string;
  readonly type: string | undefined;
  readonly nil: boolean;
  text: string;
  readonly children: Map<string, InNode[]>;
}

/**
 * Reads an XML document. Refuses a DTD, and with it every entity but XML's own five; throws a `protocol` error
 * for that, for what is not well-formed and for what is beyond the bounds.
 */
export function parseXml(text: string, bounds: Bounds): InDocument {
  if (text.length > bounds.maxLength) throw refused(`it has more than ${bounds.maxLength} characters.`);
  if (text.trim() === '') throw refused('it is empty.');
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: OpenNode[] = [];
  let document: InDocument | undefined;

  parser.on('doctype', () => {
    throw refused('it has a DTD.');
  });
  parser.on('error', (error) => {
    // Java servers print control characters from build logs as they are. They cost us a character, not the answer.
    if (!/disallowed character|malformed character entity/i.test(error.message)) throw refused(error.message);
  });
  parser.on('opentag', (tag) => {
    if (open.length >= bounds.maxDepth)
      throw refused(`its elements are nested deeper than ${bounds.maxDepth}.`);
    open.push(openNode(tag));
  });
  parser.on('text', (part) => addText(open, part));
  parser.on('cdata', (part) => addText(open, part));
  parser.on('closetag', (tag) => {
    const node = open.pop();
    if (!node) return;
    const parent = open.at(-1);
    if (!parent) {
      document = { root: tag.local, namespace: tag.uri, node };
      return;
    }
    const siblings = parent.children.get(node.name);
    if (siblings) siblings.push(node);
    else parent.children.set(node.name, [node]);
  });

  parser.write(text.replace(/^\uFEFF/, '')).close();
  if (!document) throw refused('it has no root element.');
  return document;
}

/** Prints a document with only the root element in the namespace, which is what the schema says. */
export function printXml(root: OutNode): string {
  const out = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'];
  const xsi = hasType(root) ? ` xmlns:xsi="${xsiNamespace}"` : '';
  printElement(root, `ns0:${root.name}`, ` xmlns:ns0="${uforgeNamespace}"${xsi}`, out);
  return out.join('');
}

function openNode(tag: SaxesTagNS): OpenNode {
  let type: string | undefined;
  let nil = false;
  for (const attribute of Object.values(tag.attributes)) {
    if (attribute.uri !== xsiNamespace) continue;
    if (attribute.local === 'type') type = attribute.value.trim().replace(/^.*:/, '');
    if (attribute.local === 'nil') nil = /^\s*(true|1)\s*$/.test(attribute.value);
  }
  return { name: tag.local, type, nil, text: '', children: new Map() };
}

function addText(open: readonly OpenNode[], part: string): void {
  const node = open.at(-1);
  if (node) node.text += part;
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

const special: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** XML has no way to write most control characters; U+FFFD stands for them, and for half surrogate pairs. */
function escapeText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[&<>\r]/g, (character) => special[character] ?? character)
      // eslint-disable-next-line no-control-regex -- these are the ones meant
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
  );
}

function refused(reason: string): UForgeError {
  return new UForgeError('protocol', `The XML document was refused: ${reason}`);
}
