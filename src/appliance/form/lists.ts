import { isTypeName, typeInfo, type Field, type TypeInfo } from '../../uforge/schema/table.ts';
import { elementDoc } from '../language/elementDocs.ts';
import { isGivenByServer, lineageOf, meaningOf, type Owner } from '../language/elementMeaning.ts';
import type { Problem } from '../text/problem.ts';
import { childNamed, childrenNamed, type XmlElement } from '../xml/element.ts';
import { fieldAt, type FormContext, type FormField } from './fields.ts';
import { say } from '../../uforge/language/sentence.ts';

/** Elements of the same name inside of one that wraps them. */
export interface FormList {
  /** Path of the wrapper: `installProfile/nics`. */
  readonly id: string;
  /** Name of its items: `nic`. */
  readonly item: string;
  /** The wrapper may be there with nothing in it. */
  readonly isThere: boolean;
  /** Neither there nor what a person would begin with. */
  readonly isRare: boolean;
  readonly help: string;
  readonly items: readonly FormItem[];
  /** What is wrong with the list, and not with one of its items. */
  readonly problems: readonly Problem[];
}

export interface FormItem {
  /** `installProfile/nics/nic[2]`. */
  readonly id: string;
  /** The values that tell it from the others, such as a name. */
  readonly summary: string;
  readonly fields: readonly FormField[];
  readonly lists: readonly FormList[];
  readonly problems: readonly Problem[];
}

/** What a request says of its own accord; lists elsewhere in it are filled in by servers, and shown when they are there. */
const asked = 'installProfile/';

/**
 * Everything in an object of that type that may be repeated, by the schema: what is there, and what may be added.
 * `path` is the object's with a slash behind it, empty for the root.
 */
export function listsOf(
  type: TypeInfo,
  element: XmlElement | undefined,
  path: string,
  context: FormContext,
): readonly FormList[] {
  return [...type.fields.values()].flatMap((field) => {
    const child = element && childNamed(element, field.name);
    const id = `${path}${field.name}`;
    if (field.kind === 'object') {
      if (child === undefined && !`${id}/`.startsWith(asked)) return [];
      return listsOf(typeOf(child) ?? typeInfo(field.type), child, `${id}/`, context);
    }
    if (field.kind !== 'list') return [];
    const isOffered = id.startsWith(asked) && isTypeName(field.itemType);
    return child === undefined && !isOffered ? [] : [listAt(id, { type, field }, child, context)];
  });
}

function listAt(
  id: string,
  { type, field }: Owner & { readonly field: Extract<Field, { kind: 'list' }> },
  wrapper: XmlElement | undefined,
  context: FormContext,
): FormList {
  const { item } = field;
  const elements = wrapper === undefined ? [] : childrenNamed(wrapper, item);
  const items = elements.map((element, index) => itemAt(`${id}/${item}[${index + 1}]`, element, context));
  const help = say(elementDoc(lineageOf(type), field.name), context.translations);
  return {
    id,
    item,
    isThere: wrapper !== undefined,
    // What most people want has been explained.
    isRare: wrapper === undefined && help === '',
    help,
    items,
    problems: wrapper === undefined ? [] : context.unshown.within(wrapper),
  };
}

function itemAt(id: string, element: XmlElement, context: FormContext): FormItem {
  const type = typeOf(element);
  const fields =
    type === undefined ? [valueField(id, element, context)] : fieldsOf(type, element, `${id}/`, context);
  const lists = type === undefined ? [] : listsOf(type, element, `${id}/`, context);
  const problems = context.unshown.within(element);
  return { id, summary: summaryOf(fields), fields, lists, problems };
}

/** The values of an object, and of the objects in it; those that servers fill in only when they are there. */
function fieldsOf(
  type: TypeInfo,
  element: XmlElement,
  path: string,
  context: FormContext,
): readonly FormField[] {
  return [...type.fields.values()].flatMap((field) => {
    const child = childNamed(element, field.name);
    const id = `${path}${field.name}`;
    if (field.kind === 'object' && child !== undefined) {
      return fieldsOf(typeOf(child) ?? typeInfo(field.type), child, `${id}/`, context);
    }
    if (field.kind !== 'scalar' || (child === undefined && isGiven(type, field))) return [];
    return [fieldAt(id, { type, field }, child, context)];
  });
}

/** Addresses of objects are the server's to give, like their dates and digests. */
function isGiven(type: TypeInfo, field: Extract<Field, { kind: 'scalar' }>): boolean {
  return field.type === 'anyURI' || isGivenByServer(type, field);
}

/** An item that is a value itself. */
function valueField(id: string, element: XmlElement, { unshown }: FormContext): FormField {
  const problems = unshown.within(element);
  return { id, kind: 'text', value: element.text, isThere: true, isRare: false, help: '', problems };
}

function typeOf(element: XmlElement | undefined): TypeInfo | undefined {
  const meaning = element && meaningOf(element);
  return meaning?.kind === 'object' ? meaning.type : undefined;
}

function summaryOf(fields: readonly FormField[]): string {
  const shown = fields.filter(
    ({ kind, isThere, value }) => isThere && value !== '' && (kind === 'text' || kind === 'choice'),
  );
  return shown
    .slice(0, 3)
    .map(({ value }) => value)
    .join(' · ');
}
