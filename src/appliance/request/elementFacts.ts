import { xsiNamespace } from '../../uforge/codec/tree.ts';
import type { XmlElement } from '../xml/element.ts';

/** `<xsi:type>`, as the documentation's samples have it. */
export function isTypeElement({ name, prefix }: XmlElement): boolean {
  return name === 'type' && prefix === 'xsi';
}

/** What is inside an element without an end tag may be its neighbours: nothing can be said about it. */
export function isFinished(element: XmlElement): boolean {
  return element.closed || element.parent === undefined;
}

/** The prefix the document's root has, which names of types need. */
export function rootPrefixOf(element: XmlElement): string {
  let root = element;
  while (root.parent !== undefined) root = root.parent;
  return root.prefix === '' ? 'ns0' : root.prefix;
}

/** `xsi:nil`. */
export function isNil(element: XmlElement): boolean {
  return element.attributes.some(
    ({ name, namespace, value }) =>
      name === 'nil' && namespace === xsiNamespace && (value === 'true' || value === '1'),
  );
}
