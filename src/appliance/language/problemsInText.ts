import { definitionKindByExtension, templateLanguageOf } from '../find/definitions.ts';
import {
  followed,
  namedSources,
  outsideProblem,
  outsideSources,
  type MayPackOutside,
} from '../archive/outsideSources.ts';
import type { Problem } from '../text/problem.ts';
import { parseRepresentation } from '../request/representation.ts';
import { parseTemplate } from '../template/parseTemplate.ts';

/**
 * Everything that is wrong in the text of a definition, whatever its file is called: an `.xml` is a request, a `.yml`,
 * `.yaml` or `.json` a template. Files a template names outside its folder are an error unless `mayPackOutside` says
 * yes: it would not be packed. `undefined` for a file that by its name is neither.
 */
export async function problemsInText(
  path: string,
  text: string,
  mayPackOutside?: MayPackOutside,
): Promise<readonly Problem[] | undefined> {
  const kind = definitionKindByExtension(path);
  if (kind === undefined) return undefined;
  if (kind === 'representation') return parseRepresentation(text).problems;
  const parsed = parseTemplate(text, templateLanguageOf(path) ?? 'yaml');
  const outside = await outsideSources(path, namedSources(parsed));
  const isAllowed = outside.length > 0 && ((await mayPackOutside?.(await followed(outside))) ?? false);
  return isAllowed
    ? parsed.problems
    : [...parsed.problems, ...outside.map((each) => outsideProblem(each, 'error'))];
}
