import { uforgeNamespace } from '../../uforge/codec/tree.ts';
import { definitionKind, definitionKindByExtension, type DefinitionKind } from './definitions.ts';

/**
 * What a file is by its name and its text. `representation.xml` is a request whatever is in it, any other XML when
 * its root is in UForge's namespace. Many tools call their files `template.yaml`: one that has neither a `stack` nor
 * `builders` is somebody else's, and a file of another name is a template only when it has both.
 */
export function kindOfText(path: string, text: string): DefinitionKind | undefined {
  const byName = definitionKind(path);
  if (byName === 'representation') return byName;
  if (byName === 'template') return hasKey(text, 'stack') || hasKey(text, 'builders') ? byName : undefined;
  const byExtension = definitionKindByExtension(path);
  if (byExtension === 'representation') return isInNamespace(text) ? byExtension : undefined;
  return byExtension !== undefined && hasKey(text, 'stack') && hasKey(text, 'builders')
    ? byExtension
    : undefined;
}

/** Whatever may stand before the root element. */
const prolog = /^\uFEFF?(?:\s|<\?[^>]*>|<!--[\s\S]*?-->|<![A-Z][^>]*>)*/;

/** Whether the first tag, finished or not, mentions the namespace. */
function isInNamespace(text: string): boolean {
  if (!text.includes(uforgeNamespace)) return false;
  const start = prolog.exec(text)?.[0].length ?? 0;
  const end = text.indexOf('>', start);
  return text.slice(start, end < 0 ? text.length : end).includes(uforgeNamespace);
}

/** Whether a text, finished or not, has a key at its top level. */
function hasKey(text: string, key: string): boolean {
  if (/^\uFEFF?\s*\{/.test(text)) return text.includes(key) && topLevelKeys(text).has(key);
  return new RegExp(`^["']?${key}["']?[ \\t]*:(?=\\s|$)`, 'm').test(text);
}

/** A piece of JSON, or of YAML's flow style: a text, a bracket, or the name before a colon. */
const piece = /"(?:[^"\\]|\\.)*"|'[^']*'|[{}[\]]|[\w-]+(?=\s*:)/g;

function topLevelKeys(text: string): ReadonlySet<string> {
  const keys = new Set<string>();
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(piece)) {
    if (found === '{' || found === '[') depth++;
    else if (found === '}' || found === ']') depth--;
    else if (depth === 1 && /^\s*:/.test(text.slice(index + found.length, index + found.length + 80))) {
      keys.add(found.replaceAll(/^["']|["']$/g, ''));
    }
  }
  return keys;
}
