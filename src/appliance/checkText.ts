import { definitionKindByExtension } from './definitions.ts';
import type { Problem } from './problem.ts';
import { parseRepresentation } from './representation.ts';
import { parseTemplate, templateLanguageOf } from './template.ts';

/**
 * Everything that is wrong in the text of a definition, whatever its file is called: an `.xml` is a request, a `.yml`,
 * `.yaml` or `.json` a template. `undefined` for a file that by its name is neither.
 */
export function problemsInText(path: string, text: string): readonly Problem[] | undefined {
  const kind = definitionKindByExtension(path);
  if (kind === undefined) return undefined;
  if (kind === 'representation') return parseRepresentation(text).problems;
  return parseTemplate(text, templateLanguageOf(path) ?? 'yaml').problems;
}
