import { templateLanguageOf, type DefinitionKind } from '../../appliance/find/definitions.ts';
import { namedSources, type NamedSource } from '../../appliance/archive/outsideSources.ts';
import type { Problem } from '../../appliance/text/problem.ts';
import { parseRepresentation } from '../../appliance/request/representation.ts';
import type { ServerKnowledge } from '../../appliance/catalog/serverKnowledge.ts';
import { parseTemplate } from '../../appliance/template/parseTemplate.ts';

export { outsideProblem, outsideSources } from '../../appliance/archive/outsideSources.ts';

export interface CheckedDefinition {
  readonly problems: readonly Problem[];
  /** What a template names, as far as it has no errors; a request names nothing. */
  readonly sources?: readonly NamedSource[];
}

/** What is wrong in a definition's text, by itself and for the server that is signed in to. */
export function checkDefinition(
  kind: DefinitionKind,
  path: string,
  text: string,
  server: ServerKnowledge | undefined,
): CheckedDefinition {
  if (kind === 'representation') {
    return { problems: parseRepresentation(text, { server }).problems };
  }
  const parsed = parseTemplate(text, templateLanguageOf(path) ?? 'yaml', { server });
  return { problems: parsed.problems, sources: namedSources(parsed) };
}
