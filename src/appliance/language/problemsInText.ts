import { definitionKindByExtension, templateLanguageOf, type DefinitionKind } from '../find/definitions.ts';
import {
  followed,
  located,
  namedSources,
  outsideProblem,
  outsideSources,
  type NamedSource,
} from '../archive/outsideSources.ts';
import type { PackOptions } from '../archive/packTemplate.ts';
import { missingSources } from '../archive/missingSources.ts';
import { bootScriptProblems } from '../archive/bootScriptText.ts';
import { told, type Problem } from '../text/problem.ts';
import { parseRepresentation } from '../request/representation.ts';
import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import type { Translations } from '../../uforge/language/sentence.ts';
import { parseTemplate } from '../template/parseTemplate.ts';

export interface CheckedText {
  readonly problems: readonly Problem[];
  /** What a template names, as far as it has no errors; a request names nothing. */
  readonly sources?: readonly NamedSource[];
}

/** What is wrong in a definition's text, by itself and for a server whose knowledge is given. */
export function checkText(
  kind: DefinitionKind,
  path: string,
  text: string,
  server?: ServerKnowledge,
  translations?: Translations,
): CheckedText {
  if (kind === 'representation')
    return { problems: told(parseRepresentation(text, { server }).findings, translations) };
  const parsed = parseTemplate(text, templateLanguageOf(path) ?? 'yaml', { server });
  return { problems: told(parsed.findings, translations), sources: namedSources(parsed) };
}

/** As where a template is packed. */
export type SourceOptions = Pick<PackOptions, 'mayPackOutside' | 'workingFolder'>;

interface CheckOptions extends SourceOptions {
  /** What a server has that is to be checked for. */
  readonly server?: ServerKnowledge | undefined;
}

/**
 * Everything that is wrong in the text of a definition, whatever its file is called: an `.xml` is a request,
 * a `.yml`, `.yaml` or `.json` a template. Files a template names outside its folder are an error unless
 * `mayPackOutside` says yes: it would not be packed. `undefined` for a file that by its name is neither.
 */
export async function problemsInText(
  path: string,
  text: string,
  { mayPackOutside, workingFolder, server }: CheckOptions = {},
): Promise<readonly Problem[] | undefined> {
  const kind = definitionKindByExtension(path);
  if (kind === undefined) return undefined;
  const { problems, sources: named } = checkText(kind, path, text, server);
  if (named === undefined) return problems;
  const sources = await located(path, named, workingFolder);
  const outside = await outsideSources(path, sources);
  const isAllowed = outside.length > 0 && ((await mayPackOutside?.(await followed(outside))) ?? false);
  const refused = isAllowed ? [] : outside.map((each) => outsideProblem(each, 'error'));
  const missing = await missingSources(sources, isAllowed ? [] : outside);
  const scripts = await bootScriptProblems(path, sources);
  return [...problems, ...told([...refused, ...missing, ...scripts])];
}
