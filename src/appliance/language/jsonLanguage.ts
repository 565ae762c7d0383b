import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { templateDoc } from '../template/model/docs.ts';
import { fieldType, isListType, rowAt } from '../template/model/rows.ts';
import type { TemplateTypeName } from '../template/model/types.ts';
import { escapeSnippet, type Completion, type Explanation, type TypedPackage } from './completion.ts';
import { jsonPlaceAt, type JsonPlace } from './jsonPlace.ts';
import { systemIn } from './serverValues.ts';
import {
  detailOf,
  docOf,
  explainKey,
  isOfTemplate,
  isOnServer,
  keysInOrder,
  likelyValues,
} from './templateKeys.ts';
import type { Part } from '../../uforge/language/sentence.ts';

/**
 * What may be typed at an offset of a template in JSON: the same as in YAML. With `schema` VS Code completes the file by
 * the schema we contribute, so only what a server knows is added.
 */
export function completeJsonAt(
  text: string,
  offset: number,
  server?: ServerKnowledge,
  schema = false,
): readonly Completion<Part>[] {
  const place = jsonPlaceAt(text, offset);
  if (place === undefined) return [];
  const { from, to } = place;
  // In a list of texts it is the list that has a key.
  const owner = rowAt(place.path) === undefined && place.key === '' ? place.path.slice(0, -1) : place.path;
  const name = rowAt(owner);
  const key = owner === place.path ? place.key : String(place.path.at(-1));
  if (name === undefined) return [];
  if (key === undefined) return schema ? [] : keys(name, place);
  const listed = fieldType(name, key);
  const type = owner !== place.path && isListType(listed) ? listed[0] : listed;
  const isKnownToSchema = !isOnServer(name, key) && !isOfTemplate(name, key);
  if (type === undefined || (schema && isKnownToSchema)) return [];
  const builder = name === 'BuilderAccount' ? place.around.get('type') : undefined;
  const own = builder === undefined || builder === '' ? [] : [builder];
  return likelyValues({ name, present: place.present }, key, type, { text, builders: own, server }).map(
    (label) => ({
      label,
      kind: 'value' as const,
      detail: key,
      documentation: '',
      insertText: escapeSnippet(type === 'flag' ? label : JSON.stringify(label)),
      from,
      to,
    }),
  );
}

/** What the key at an offset means. */
export function explainJsonAt(text: string, offset: number): Explanation<Part> | undefined {
  const place = jsonPlaceAt(text, offset);
  if (place?.hasValue !== true || place.key !== undefined) return undefined;
  const name = rowAt(place.path);
  const key = text.slice(place.from, place.to).replaceAll(/^"|"$/g, '');
  const explained = name === undefined ? undefined : explainKey(name, key);
  return explained === undefined ? undefined : { text: explained, from: place.from, to: place.to };
}

/** The name of a package an offset is in, when the template says for which system. */
export function packageInJsonAt(text: string, offset: number): TypedPackage | undefined {
  const place = jsonPlaceAt(text, offset);
  if (place?.key !== 'name' || rowAt(place.path) !== 'Package') return undefined;
  const system = systemIn(text);
  return system && { ...system, typed: place.typed, from: place.from, to: place.to };
}

function keys(
  name: TemplateTypeName,
  { present, from, to, hasValue }: JsonPlace,
): readonly Completion<Part>[] {
  return keysInOrder(name, present).map((key) => {
    const doc = templateDoc(name, key);
    const example = doc?.example === undefined ? undefined : JSON.stringify(doc.example, null, 2);
    const value = example === undefined ? '$0' : `\${0:${escapeSnippet(example)}}`;
    return {
      label: key,
      kind: 'key' as const,
      detail: detailOf(name, key),
      documentation: docOf(name, key),
      insertText: hasValue ? JSON.stringify(key) : `${JSON.stringify(key)}: ${value}`,
      from,
      to,
    };
  });
}
