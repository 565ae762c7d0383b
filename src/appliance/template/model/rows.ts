import type { TemplatePath } from './path.ts';
import { templateTypes, type TemplateFieldType, type TemplateRow, type TemplateTypeName } from './types.ts';

/** A row of the table of the language: which keys an object has. */
export function rowOf(name: TemplateTypeName): TemplateRow {
  return templateTypes[name];
}

export function isRow(type: TemplateFieldType | undefined): type is TemplateTypeName {
  return typeof type === 'string' && Object.hasOwn(templateTypes, type);
}

/** An array has a method `values`, so asking for that key would not tell a list from a closed list of values. */
export function isListType(type: TemplateFieldType | undefined): type is readonly [TemplateFieldType] {
  return Array.isArray(type);
}

/** What a key of an object holds; nothing for one the language does not have. */
export function fieldType(row: TemplateTypeName, key: string): TemplateFieldType | undefined {
  const { fields } = rowOf(row);
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** The row of the object at a path. */
export function rowAt(path: TemplatePath): TemplateTypeName | undefined {
  let type: TemplateFieldType | undefined = 'Template';
  for (const part of path) {
    if (typeof part === 'number') type = isListType(type) ? type[0] : undefined;
    else type = isRow(type) ? fieldType(type, part) : undefined;
  }
  return isRow(type) ? type : undefined;
}
