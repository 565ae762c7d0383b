import type { TextEdit } from '../text/problem.ts';
import { parseRepresentation } from './representation.ts';
import { applyEdits, fixAll } from '../text/edits.ts';
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/tree.ts';

/**
 * A request with its elements in the schema's order, one a line, indented by their depth. Values and comments stay as
 * they are, and so does white space around comments. Nothing for a text that is not well-formed.
 */
export function formatXml(text: string, indent: string): string | undefined {
  if (parseXml(text).problems.length > 0) return undefined;
  const ordered = fixAll(text, (each) =>
    parseRepresentation(each).problems.filter(({ code }) => code === 'wrong-order'),
  );
  const { root, places, text: source } = parseXml(ordered);
  if (root === undefined) return undefined;
  const newLine = source.includes('\r\n') ? '\r\n' : '\n';
  const edits: TextEdit[] = [];
  const visit = (element: XmlElement, depth: number): void => {
    // White space beside text may be part of the value.
    if (element.children.length === 0 || element.text !== '') return;
    let from = element.contentStart;
    const gapTo = (to: number, level: number): void => {
      const gap = source.slice(from, to);
      const blankLine = (gap.match(/\r\n|\n|\r/g)?.length ?? 0) > 1 && from !== element.contentStart;
      const newText = `${blankLine && level > depth ? newLine : ''}${newLine}${indent.repeat(level)}`;
      if (gap.trim() === '' && gap !== newText) edits.push({ range: places.range(from, to), newText });
    };
    for (const child of element.children) {
      gapTo(child.start, depth + 1);
      visit(child, depth + 1);
      from = child.end;
    }
    gapTo(element.contentEnd, depth);
  };
  visit(root, 0);
  return applyEdits(source, edits);
}
