import { isMap, isPair, isScalar, isNode, parseDocument, stringify } from 'yaml';
import type { ArchiveLayout } from './layout.ts';
import { automaticFix, applyEdits } from '../text/edits.ts';
import type { TextEdit } from '../text/problem.ts';
import { sameQuotes } from '../yaml/sameQuotes.ts';
import type { TemplateLanguage } from '../template/model/template.ts';
import { parseTemplate, type ParsedTemplate } from '../template/parseTemplate.ts';

/** `builders: null` is how hammr's archives say that the builders stayed at home. */
const noBuilders = { builders: null };

/**
 * The text of a template as it goes into an archive: its stack as the file has it, line for line, so that what a server
 * says of line 12 is line 12 of the file, with every source as a path inside the archive. All else is blank: builders
 * belong to requests, and accounts hold secrets. Where that is not the same template (aliases of something outside
 * the stack), it is printed anew.
 */
export function archivedText(
  text: string,
  language: TemplateLanguage,
  { rangeAt, problems }: Pick<ParsedTemplate, 'rangeAt' | 'problems'>,
  { template, sources }: ArchiveLayout,
): string {
  const quote = sameQuotes(text);
  const edits: TextEdit[] = sources.map(({ at, archivePath }) => {
    const range = rangeAt(at);
    return { range, newText: quote(range, archivePath) };
  });
  // A bare 1.10 is a number to most who read it.
  for (const problem of problems) {
    if (problem.code === 'unquoted-text') edits.push(...(automaticFix(problem)?.edits ?? []));
  }
  const inPlace = stackAlone(applyEdits(text, edits), language);
  if (inPlace !== undefined) {
    const stays = parseTemplate(inPlace, language).template;
    if (JSON.stringify(stays?.stack) === JSON.stringify(template.stack)) return inPlace;
  }
  const printed = { ...template, ...noBuilders };
  return language === 'json' ? JSON.stringify(printed, null, 2) : stringify(printed);
}

/**
 * The text, whose keys were found to be unique before, with nothing but the stack in it, on the lines where it was;
 * undefined where it has none.
 */
function stackAlone(text: string, language: TemplateLanguage): string | undefined {
  const { contents } = parseDocument(text, { version: '1.2', uniqueKeys: false });
  if (!isMap(contents)) return undefined;
  const pair = contents.items.find(
    (each) => isPair(each) && isScalar(each.key) && each.key.value === 'stack',
  );
  const { key, value } = pair ?? {};
  if (!isNode(key) || !isNode(value)) return undefined;
  const before = text.slice(0, key.range[0]).replace(/[^\n]+/g, '');
  const column = key.range[0] - (text.lastIndexOf('\n', key.range[0] - 1) + 1);
  const stack = text.slice(key.range[0], value.range[1]).trimEnd();
  if (contents.flow !== true) return `${before}${' '.repeat(column)}${stack}\nbuilders: null\n`;
  const builders = language === 'json' ? '"builders": null' : 'builders: null';
  return `{${before}${' '.repeat(Math.max(0, column - (before === '' ? 1 : 0)))}${stack}, ${builders}}\n`;
}
