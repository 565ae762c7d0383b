import { childrenNamed, type XmlElement } from '../xml/element.ts';

/**
 * The element at a path below the root. Items of lists are counted from 1, as XPath does it:
 * `installProfile/nics/nic[2]/order`.
 */
export function elementAtPath(root: XmlElement, path: string): XmlElement | undefined {
  return path
    .split('/')
    .reduce<XmlElement | undefined>((element, step) => element && childAt(element, step), root);
}

/** The child a step of a path leads to. */
export function childAt(element: XmlElement, step: string): XmlElement | undefined {
  const [, name, place = '1'] = /^([\w.-]+)(?:\[(\d+)\])?$/.exec(step) ?? [];
  return childrenNamed(element, name ?? '')[Number(place) - 1];
}
