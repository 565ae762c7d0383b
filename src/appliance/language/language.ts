import type { DefinitionKind } from '../definitions.ts';
import type { Completion, Explanation } from './completion.ts';
import { completeYamlAt, explainYamlAt } from './templateLanguage.ts';
import { completeXmlAt, explainXmlAt } from './xmlCompletion.ts';

/** What may be typed at an offset of a definition, best first. */
export function completeAt(kind: DefinitionKind, text: string, offset: number): readonly Completion[] {
  return kind === 'representation' ? completeXmlAt(text, offset) : completeYamlAt(text, offset);
}

/** What the thing at an offset of a definition means. */
export function hoverAt(kind: DefinitionKind, text: string, offset: number): Explanation | undefined {
  return kind === 'representation' ? explainXmlAt(text, offset) : explainYamlAt(text, offset);
}
