import type { TypeName } from '../../uforge/dto.ts';
import { typeInfo, type Field } from '../../uforge/schema/table.ts';
import type { Problem, TextEdit } from '../problem.ts';
import { parseRepresentation } from '../representation.ts';
import type { ServerKnowledge } from '../serverKnowledge.ts';
import { hardwareTypes, targetFormatNamed, type TargetFormatFacts } from '../targetFormats.ts';
import { contentEdits, insertEdits, removeEdits, type XmlSource } from '../xmlEdits.ts';
import { childNamed, type XmlElement } from '../xmlElement.ts';
import { parseXml } from '../xmlTree.ts';
import { elementDoc } from './elementDocs.ts';
import { formatNames, timeZones } from './serverValues.ts';
import { lineageOf } from './xmlLanguage.ts';

/** A value of a request as a form shows it. */
export interface FormField {
  /** Path of its element below the root: `installProfile/memorySize`. */
  readonly id: string;
  readonly kind: 'text' | 'number' | 'flag' | 'choice';
  readonly unit?: 'MB';
  /** For a choice all that is right; for a text what is likely. */
  readonly values?: readonly string[];
  /** As it stands in the text; empty when the element is not there. */
  readonly value: string;
  readonly isThere: boolean;
  /** What the element means. */
  readonly help: string;
  readonly problems: readonly Problem[];
}

export interface FormSection {
  readonly id: 'image' | 'machine' | 'disk' | 'container' | 'amazon' | 'system';
  readonly fields: readonly FormField[];
}

export type RequestForm =
  | {
      readonly kind: 'form';
      readonly sections: readonly FormSection[];
      /** Problems of what the form does not show. */
      readonly others: readonly Problem[];
    }
  /** The text can't be shown as a form: not well-formed, or no request for an image. */
  | { readonly kind: 'text'; readonly problems: readonly Problem[] };

interface FieldSpec {
  readonly id: string;
  readonly unit?: 'MB';
  /** Shown only when the target format has to do with it, or when it is there. */
  readonly when?: (facts: TargetFormatFacts) => boolean;
}

const sections: readonly { readonly id: FormSection['id']; readonly fields: readonly FieldSpec[] }[] = [
  {
    id: 'image',
    fields: [
      { id: 'targetFormat/name' },
      { id: 'compress' },
      { id: 'simulated' },
      { id: 'forceCheckingDeps' },
      { id: 'parentUri' },
    ],
  },
  {
    id: 'machine',
    fields: [
      { id: 'installProfile/memorySize', unit: 'MB' },
      { id: 'installProfile/hwType', when: ({ hwType }) => hwType === true },
    ],
  },
  {
    id: 'disk',
    fields: [
      { id: 'installProfile/diskSize', unit: 'MB' },
      { id: 'installProfile/swapSize', unit: 'MB' },
      { id: 'installProfile/partitionAuto' },
    ],
  },
  { id: 'container', fields: [{ id: 'entrypoint', when: ({ entrypoint }) => entrypoint === true }] },
  {
    id: 'amazon',
    fields: [
      { id: 'ebs', when: ({ ebs }) => ebs === true },
      { id: 'ebsVolumeSize', unit: 'MB', when: ({ ebs }) => ebs === true },
    ],
  },
  {
    id: 'system',
    fields: [
      { id: 'installProfile/keyboard' },
      { id: 'installProfile/timezone' },
      { id: 'installProfile/seLinuxMode' },
      { id: 'installProfile/welcomeMsg' },
      { id: 'installProfile/skipLicenses' },
    ],
  },
];

/** A request for an image as a form: its values, what they mean, and what is wrong with them by the same checks. */
export function requestForm(text: string, server?: ServerKnowledge): RequestForm {
  const document = parseXml(text);
  const { root } = document;
  const { problems } = parseRepresentation(text, { server });
  const isForm = root?.name === 'image' && document.problems.length === 0;
  if (root === undefined || !isForm) return { kind: 'text', problems };
  const name = at(root, ['targetFormat', 'name'])?.text ?? '';
  const facts = targetFormatNamed(name);
  const shown = new Set<Problem>();
  const fieldFor = ({ id, unit }: FieldSpec): FormField => {
    const { type, field } = declared(id);
    const element = at(root, id.split('/'));
    const own = problems.filter((problem) => isAbout(problem, id, element, root, document));
    for (const problem of own) shown.add(problem);
    const values = valuesOf(id, field, server);
    return {
      id,
      kind: kindOf(id, field),
      ...(unit !== undefined && { unit }),
      ...(values.length > 0 && { values }),
      value: element?.text ?? '',
      isThere: element !== undefined,
      help: elementDoc(lineageOf(typeInfo(type)), field.name),
      problems: own,
    };
  };
  const found = sections.map(({ id, fields }) => ({
    id,
    fields: fields.filter((field) => isShown(field, root, facts)).map(fieldFor),
  }));
  return {
    kind: 'form',
    sections: found.filter(({ fields }) => fields.length > 0),
    others: problems.filter((problem) => !shown.has(problem)),
  };
}

/**
 * The least edits that give a value of the form another text; the empty text takes its element out. What is around
 * it, comments and white space included, stays. Nothing for a text that is no form.
 */
export function fieldEdits(text: string, id: string, value: string): readonly TextEdit[] {
  const source = parseXml(text);
  const { root } = source;
  if (root === undefined || source.problems.length > 0) return [];
  const path = id.split('/');
  const element = at(root, path);
  if (element !== undefined) {
    if (element.text === value && value !== '') return [];
    return value === '' ? removal(source, element) : replacement(source, element, escapeXml(value));
  }
  if (value === '') return [];
  let parent = root;
  let type: TypeName = 'Image';
  let depth = 0;
  for (; depth < path.length - 1; depth++) {
    const child = childNamed(parent, path[depth] ?? '');
    const field = typeInfo(type).fields.get(path[depth] ?? '');
    if (child === undefined || field?.kind !== 'object') break;
    parent = child;
    type = field.type;
  }
  const lines = nested(path.slice(depth), escapeXml(value));
  return insertEdits(source, parent, [...typeInfo(type).fields.keys()], path[depth] ?? '', lines);
}

function at(root: XmlElement, path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((element, name) => element && childNamed(element, name), root);
}

function declared(id: string): { readonly type: TypeName; readonly field: Field } {
  const path = id.split('/');
  const last = path.pop() ?? '';
  let type: TypeName = 'Image';
  for (const name of path) {
    const field = typeInfo(type).fields.get(name);
    if (field?.kind !== 'object') throw new TypeError(`The schema has no object ${name} in ${type}.`);
    type = field.type;
  }
  const field = typeInfo(type).fields.get(last);
  if (field === undefined) throw new TypeError(`The schema has no ${last} in ${type}.`);
  return { type, field };
}

function kindOf(id: string, field: Field): FormField['kind'] {
  if (id === 'targetFormat/name' || id === 'installProfile/hwType') return 'choice';
  if (field.kind !== 'scalar') return 'text';
  if (field.values !== undefined) return 'choice';
  if (field.type === 'boolean') return 'flag';
  return field.type === 'string' || field.type === 'anyURI' ? 'text' : 'number';
}

function valuesOf(id: string, field: Field, server: ServerKnowledge | undefined): readonly string[] {
  if (id === 'targetFormat/name') return formatNames(server);
  if (id === 'installProfile/hwType') return hardwareTypes;
  if (id === 'installProfile/timezone') return timeZones();
  return field.kind === 'scalar' ? (field.values ?? []) : [];
}

function isShown({ id, when }: FieldSpec, root: XmlElement, facts: TargetFormatFacts | undefined): boolean {
  if (when === undefined || at(root, id.split('/')) !== undefined) return true;
  return facts !== undefined && when(facts);
}

/** Whether a problem is about the element of a field, or about its being missing. */
function isAbout(
  { range, code }: Problem,
  id: string,
  element: XmlElement | undefined,
  root: XmlElement,
  { places }: XmlSource,
): boolean {
  const from = places.offset(range.start);
  if (element !== undefined) return from >= element.start && from < element.end;
  if (id === 'targetFormat/name') return code === 'missing-target-format';
  // “not compressed” stands at the root when nothing says whether.
  return id === 'compress' && code === 'not-downloadable' && from === root.start + 1;
}

/** Replaces the value between tags; comments beside it stay. */
function replacement(source: XmlSource, element: XmlElement, value: string): readonly TextEdit[] {
  if (element.empty) return contentEdits(source, element, value);
  const { contentStart, contentEnd } = element;
  const content = source.text.slice(contentStart, contentEnd);
  const withoutComments = content.replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, (each) =>
    ' '.repeat(each.length),
  );
  const from = contentStart + withoutComments.length - withoutComments.trimStart().length;
  const length = withoutComments.trim().length;
  const isBlank = length === 0;
  const start = isBlank ? contentEnd : from;
  const within = content.slice(start - contentStart, start - contentStart + length);
  const comments = within.match(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g) ?? [];
  const end = isBlank ? contentEnd : from + length;
  return [{ range: source.places.range(start, end), newText: value + comments.join('') }];
}

/** Takes an element out; comments that are in it stay where it was. */
function removal(source: XmlSource, element: XmlElement): readonly TextEdit[] {
  const content = source.text.slice(element.start, element.end);
  const comments = content.match(/<!--[\s\S]*?-->/g) ?? [];
  if (comments.length === 0) return removeEdits(source, element);
  return [{ range: source.places.range(element.start, element.end), newText: comments.join(' ') }];
}

function nested([name = '', ...rest]: readonly string[], value: string): readonly string[] {
  if (rest.length === 0) return [`<${name}>${value}</${name}>`];
  return [`<${name}>`, ...nested(rest, value).map((line) => `  ${line}`), `</${name}>`];
}

function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
