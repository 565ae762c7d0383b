import type { DefinitionKind } from '../find/definitions.ts';
import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import type { Completion, Explanation, TypedPackage } from './completion.ts';
import { completeJsonAt, explainJsonAt, packageInJsonAt } from './jsonLanguage.ts';
import { completeYamlAt, explainYamlAt, packageAt } from './yamlLanguage.ts';
import { completeXmlAt, explainXmlAt } from './xmlCompletion.ts';
import { say, type Part, type Translations } from '../../uforge/language/sentence.ts';

/**
 * What may be typed at an offset of a definition, best first. `server`: what the server has, where that is known;
 * `hasSchema`: the editor completes by our schema anyway.
 */
export function completeAt(
  kind: DefinitionKind,
  text: string,
  offset: number,
  server?: ServerKnowledge,
  hasSchema = false,
  translations?: Translations,
): readonly Completion[] {
  return completionsAt(kind, text, offset, server, hasSchema).map((each) => ({
    ...each,
    detail: say(each.detail, translations),
    documentation: say(each.documentation, translations),
  }));
}

function completionsAt(
  kind: DefinitionKind,
  text: string,
  offset: number,
  server: ServerKnowledge | undefined,
  hasSchema: boolean,
): readonly Completion<Part>[] {
  if (kind === 'representation') return completeXmlAt(text, offset, server);
  return isJson(text)
    ? completeJsonAt(text, offset, server, hasSchema)
    : completeYamlAt(text, offset, server);
}

/** What the thing at an offset of a definition means. */
export function hoverAt(
  kind: DefinitionKind,
  text: string,
  offset: number,
  translations?: Translations,
): Explanation | undefined {
  const found = explanationAt(kind, text, offset);
  return found && { ...found, text: say(found.text, translations) };
}

function explanationAt(kind: DefinitionKind, text: string, offset: number): Explanation<Part> | undefined {
  if (kind === 'representation') return explainXmlAt(text, offset);
  return isJson(text) ? explainJsonAt(text, offset) : explainYamlAt(text, offset);
}

/** The name of a package an offset of a template is in, when the template says for which system. */
export function typedPackageAt(text: string, offset: number): TypedPackage | undefined {
  return isJson(text) ? packageInJsonAt(text, offset) : packageAt(text, offset);
}

/** JSON, or YAML written like it. */
function isJson(text: string): boolean {
  return /^\uFEFF?\s*[{[]/.test(text);
}
