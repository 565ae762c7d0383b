import type { DefinitionKind } from '../definitions.ts';
import type { ServerKnowledge } from '../serverKnowledge.ts';
import type { Completion, Explanation } from './completion.ts';
import { completeYamlAt, explainYamlAt } from './templateLanguage.ts';
import { completeXmlAt, explainXmlAt } from './xmlCompletion.ts';

/** What may be typed at an offset of a definition, best first. `server`: what the server has, where that is known. */
export function completeAt(
  kind: DefinitionKind,
  text: string,
  offset: number,
  server?: ServerKnowledge,
): readonly Completion[] {
  return kind === 'representation'
    ? completeXmlAt(text, offset, server)
    : completeYamlAt(text, offset, server);
}

/** What the thing at an offset of a definition means. */
export function hoverAt(kind: DefinitionKind, text: string, offset: number): Explanation | undefined {
  return kind === 'representation' ? explainXmlAt(text, offset) : explainYamlAt(text, offset);
}
