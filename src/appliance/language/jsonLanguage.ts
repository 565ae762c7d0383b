import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { templateDoc } from '../template/model/docs.ts';
import {
  templateTypes,
  type TemplateFieldType,
  type TemplateRow,
  type TemplateTypeName,
} from '../template/model/types.ts';
import { escapeSnippet, type Completion, type Explanation } from './completion.ts';
import { jsonPlaceAt, type JsonPlace } from './jsonPlace.ts';
import { systemIn } from './serverValues.ts';
import {
  detailOf,
  explainKey,
  fieldType,
  isOnServer,
  isRow,
  keysInOrder,
  likelyValues,
  type TypedPackage,
} from './yamlLanguage.ts';

/**
 * What may be typed at an offset of a template in JSON: the same as in YAML. With `schema` VS Code completes the file by
 * the schema we contribute, so only what a server knows is added.
 */
export function completeJsonAt(
  text: string,
  offset: number,
  server?: ServerKnowledge,
  schema = false,
): readonly Completion[] {
  const place = jsonPlaceAt(text, offset);
  const name = place && rowNamed(place);
  if (place === undefined || name === undefined) return [];
  if (place.key === undefined) return schema ? [] : keys(name, place);
  const type = fieldType(name, place.key);
  if (type === undefined || (schema && !isOnServer(name, place.key))) return [];
  const { key, from, to } = place;
  const own = name === 'BuilderAccount' ? builderType(text, place) : [];
  return likelyValues({ name, present: place.present }, key, type, own, server).map((label) => ({
    label,
    kind: 'value' as const,
    detail: key,
    documentation: '',
    insertText: escapeSnippet(type === 'flag' ? label : JSON.stringify(label)),
    from,
    to,
  }));
}

/** What the key at an offset means. */
export function explainJsonAt(text: string, offset: number): Explanation | undefined {
  const place = jsonPlaceAt(text, offset);
  if (place?.hasValue !== true || place.key !== undefined) return undefined;
  const name = rowNamed(place);
  const key = text.slice(place.from, place.to).replaceAll(/^"|"$/g, '');
  const explained = name === undefined ? undefined : explainKey(name, key);
  return explained === undefined ? undefined : { text: explained, from: place.from, to: place.to };
}

/** The name of a package an offset is in, when the template says for which system. */
export function packageInJsonAt(text: string, offset: number): TypedPackage | undefined {
  const place = jsonPlaceAt(text, offset);
  if (place?.key !== 'name' || rowNamed(place) !== 'Package') return undefined;
  const system = systemIn(text);
  return system && { system, typed: place.typed, from: place.from, to: place.to };
}

function keys(name: TemplateTypeName, { present, from, to, hasValue }: JsonPlace): readonly Completion[] {
  return keysInOrder(name, present).map((key) => {
    const doc = templateDoc(name, key);
    const example = doc?.example === undefined ? undefined : JSON.stringify(doc.example, null, 2);
    const value = example === undefined ? '$0' : `\${0:${escapeSnippet(example)}}`;
    return {
      label: key,
      kind: 'key' as const,
      detail: detailOf(name, key),
      documentation: doc?.text ?? '',
      insertText: hasValue ? JSON.stringify(key) : `${JSON.stringify(key)}: ${value}`,
      from,
      to,
    };
  });
}

/** The row of the object at the place. */
function rowNamed({ path }: JsonPlace): TemplateTypeName | undefined {
  let type: TemplateFieldType | undefined = 'Template';
  for (const part of path) {
    if (typeof part === 'number') type = Array.isArray(type) ? (type[0] as TemplateFieldType) : undefined;
    else type = typeof type === 'string' && isRow(type) ? fieldsOf(type)[part] : undefined;
  }
  return typeof type === 'string' && isRow(type) ? type : undefined;
}

function fieldsOf(row: TemplateTypeName): TemplateRow['fields'] {
  const { fields }: TemplateRow = templateTypes[row];
  return fields;
}

/** The target format of the builder an account is in. */
function builderType(text: string, { path, from }: JsonPlace): readonly string[] {
  const start = text.lastIndexOf('{', text.lastIndexOf('{', from) - 1);
  const around =
    path[0] === 'builders' && start >= 0 ? jsonPlaceAt(text, start + 1)?.present.get('type') : '';
  return around === undefined || around === '' ? [] : [around];
}
