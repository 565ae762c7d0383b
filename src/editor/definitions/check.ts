import type { DefinitionKind } from '../../appliance/definitions.ts';
import type { Problem } from '../../appliance/problem.ts';
import { parseRepresentation } from '../../appliance/representation.ts';
import type { ServerKnowledge } from '../../appliance/serverKnowledge.ts';
import { parseTemplate, templateLanguageOf } from '../../appliance/template.ts';

/** What is wrong in a definition's text, by itself and for the server that is signed in to. */
export function checkDefinition(
  kind: DefinitionKind,
  path: string,
  text: string,
  server: ServerKnowledge | undefined,
): readonly Problem[] {
  if (kind === 'representation') return parseRepresentation(text, { server }).problems;
  return parseTemplate(text, templateLanguageOf(path) ?? 'yaml', { server }).problems;
}
