import {
  definitionKind,
  definitionKindByExtension,
  type DefinitionKind,
} from '../../appliance/definitions.ts';
import type { Problem } from '../../appliance/problem.ts';
import { parseRepresentation, uforgeNamespace } from '../../appliance/representation.ts';
import { parseTemplate, templateLanguageOf } from '../../appliance/template.ts';

/** What is wrong in a definition's text; nothing for a file that is none. */
export function checkDefinition(path: string, text: string): readonly Problem[] {
  const kind = kindOfText(path, text);
  if (kind === 'representation') return parseRepresentation(text).problems;
  const language = templateLanguageOf(path);
  return kind === undefined || language === undefined ? [] : parseTemplate(text, language).problems;
}

/**
 * What a file is by its name and its text. `representation.xml` is a request whatever is in it, any other XML when it
 * mentions UForge's namespace. Many tools call their files `template.yaml`: one that has neither a `stack` nor
 * `builders` is somebody else's, and a file of another name is a template only when it has both.
 */
export function kindOfText(path: string, text: string): DefinitionKind | undefined {
  const byName = definitionKind(path);
  if (byName === 'representation') return byName;
  if (byName === 'template') return looksLikeTemplate(text) ? byName : undefined;
  const byExtension = definitionKindByExtension(path);
  if (byExtension === 'representation') return text.includes(uforgeNamespace) ? byExtension : undefined;
  return byExtension !== undefined && hasKey(text, 'stack') && hasKey(text, 'builders')
    ? byExtension
    : undefined;
}

/** Whether a text mentions a template's own top-level keys. */
export function looksLikeTemplate(text: string): boolean {
  return hasKey(text, 'stack') || hasKey(text, 'builders');
}

function hasKey(text: string, key: string): boolean {
  return new RegExp(`^[\\s{]*["']?${key}["']?\\s*:`, 'm').test(text);
}
