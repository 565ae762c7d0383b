import { targetFormats } from '../../catalog/targetFormats.ts';
import { templateDoc } from './docs.ts';
import { templateTypes, type TemplateFieldType, type TemplateRow, type TemplateTypeName } from './types.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The template language as a JSON schema (draft 7), for VS Code's JSON and for Red Hat's YAML extension. It says what
 * `parseTemplate` says of single keys, from the same table. Files that are no template (other tools have a
 * `template.json`, too) are valid: a file has to have `stack` or `builders` to be held to it.
 */
export function templateSchema(): Schema {
  const names = Object.keys(templateTypes) as TemplateTypeName[];
  const { properties } = objectSchema('Template');
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Appliance template',
    description: 'What to install and for which target formats to build. Sizes are in MB.',
    type: 'object',
    properties,
    if: { anyOf: [{ required: ['stack'] }, { required: ['builders'] }] },
    then: { required: templateTypes.Template.required },
    definitions: Object.fromEntries(
      names.filter((name) => name !== 'Template').map((name) => [name, objectSchema(name)]),
    ),
  };
}

function objectSchema(name: TemplateTypeName): { readonly properties: Schema } & Schema {
  const row: TemplateRow = templateTypes[name];
  const properties = Object.fromEntries(
    Object.entries(row.fields).map(([key, type]) => {
      const schema = fieldSchema(type);
      const isNeeded = row.required.includes(key);
      return [key, { ...described(name, key), ...(isNeeded ? schema : orNothing(schema)) }];
    }),
  );
  return {
    type: 'object',
    properties,
    ...(row.required.length > 0 && { required: row.required }),
    ...(row.open !== true && { additionalProperties: false }),
  };
}

function described(row: string, key: string): Schema {
  const doc = templateDoc(row, key);
  if (doc === undefined) return {};
  const isFormat = row === 'Builder' && key === 'type';
  return {
    description: doc.unit === undefined ? doc.text : `${doc.text} In ${doc.unit}.`,
    ...(doc.example !== undefined && { defaultSnippets: [{ label: key, body: doc.example }] }),
    // Names to choose from, not the only ones: an administrator may rename formats.
    ...(isFormat && { examples: targetFormats.map((format) => format.name) }),
  };
}

/** Exports of a UForge have `key: null` where there is nothing to say, and `license: {}`. */
function orNothing(schema: Schema): Schema {
  const { type, enum: values, anyOf } = schema as Readonly<Record<string, readonly unknown[] | undefined>>;
  const nothing = { type: 'null' };
  if (type !== undefined) return { ...schema, type: [...new Set([type, 'null'].flat())] };
  if (values !== undefined) return { ...schema, enum: [...values, null] };
  if (anyOf !== undefined) return { ...schema, anyOf: [...anyOf, nothing] };
  return '$ref' in schema ? { anyOf: [schema, nothing, { type: 'object', maxProperties: 0 }] } : schema;
}

function fieldSchema(type: TemplateFieldType): Schema {
  if (typeof type !== 'string') {
    if ('values' in type && !Array.isArray(type))
      return closedList((type as { values: readonly string[] }).values);
    const [item] = type as readonly [TemplateFieldType];
    return { type: ['array', 'null'], items: fieldSchema(item) };
  }
  switch (type) {
    case 'text':
      return { type: 'string' };
    case 'word':
      return { type: ['string', 'number'] };
    case 'number':
      return { type: ['integer', 'string'], minimum: 0, pattern: String.raw`^\d+$` };
    case 'flag':
      return { enum: [true, false, 'true', 'false', 'yes', 'no', 'on', 'off'] };
    case 'anything':
      return {};
    default:
      return { $ref: `#/definitions/${type}` };
  }
}

/** Values are compared without regard to case, which a schema can only say letter by letter. */
function closedList(values: readonly string[]): Schema {
  const anyCase = (value: string): string =>
    value.replaceAll(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
  return { anyOf: [{ enum: values }, { type: 'string', pattern: `^(?:${values.map(anyCase).join('|')})$` }] };
}
