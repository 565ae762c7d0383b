import type { TypeName } from '../../uforge/dto.ts';
import {
  concreteSubtypes,
  isSubtype,
  isTypeName,
  typeInfo,
  type Field,
  type TypeInfo,
} from '../../uforge/schema/table.ts';
import { isFinished, isNil, isTypeElement, rootPrefixOf } from './elementFacts.ts';
import { exampleElement } from './examples.ts';
import type { Way, Range } from '../text/problem.ts';
import { keyboardNamed } from '../catalog/keyboards.ts';
import { isTooLongPassword, longestPassword } from '../catalog/passwordLimit.ts';
import { closest, didYouMean, replacement, unlessSure } from '../text/suggest.ts';
import { insertEdits, removeEdits, renameEdits, reorderEdits } from '../xml/edits.ts';
import {
  qualifiedName,
  xmlnsNamespace,
  type XmlSource,
  type XmlAttribute,
  type XmlElement,
} from '../xml/element.ts';
import { xsiNamespace } from '../../uforge/codec/tree.ts';
import type { RequestProblems } from './requestProblems.ts';
import { likelyXmlValue, readXmlValue } from '../xml/value.ts';
import { sentence } from '../../uforge/language/sentence.ts';

/** Elements under the name they once had, or have in prose, with today's. Source: changelog 3.8.fp6; image-generate. */
const formerNames: Readonly<Record<string, string>> = { applianceUri: 'parentUri', compressed: 'compress' };

/** Reads elements by the schema table into a DTO, collecting every problem with its position. */
export class ElementReader {
  readonly #problems: RequestProblems;
  /** The root's default namespace has been complained about: it explains every namespace inside. */
  readonly #namespaceKnown: boolean;
  readonly #source: XmlSource;

  constructor(source: XmlSource, namespaceKnown: boolean, problems: RequestProblems) {
    this.#problems = problems;
    this.#source = source;
    this.#namespaceKnown = namespaceKnown;
  }

  readObject(element: XmlElement, declared: TypeInfo): Record<string, unknown> {
    const type = this.#typeOf(element, declared);
    const dto: Record<string, unknown> = type.name === declared.name ? {} : { $type: type.name };
    this.#checkAttributes(element);
    if (element.text !== '') {
      const message = sentence`“${element.name}” holds elements, not text.`;
      const range = element.children.length === 0 ? element.textRange : element.nameRange;
      this.#problems.add('error', message, range, 'unexpected-text');
    }
    // Without its kind nothing can be said about what is inside, nor while the end tag is not typed.
    if (type.abstract || !isFinished(element)) {
      for (const child of element.children) this.#typeElement(child, element);
      return dto;
    }
    const order = [...type.fields.keys()];
    const seen = new Set<string>();
    let furthest = -1;
    for (const child of element.children) {
      if (this.#problems.isEnough) break;
      if (this.#typeElement(child, element)) continue;
      this.#checkNamespace(child);
      const field = type.fields.get(child.name);
      if (field === undefined) {
        this.#unknownElement(child, element, type);
        continue;
      }
      if (seen.has(child.name)) {
        const fix = {
          title: sentence`Remove this “${child.name}”`,
          edits: removeEdits(this.#source, child),
          choice,
        };
        const message = sentence`“${child.name}” may be given only once in “${element.name}”.`;
        this.#problems.add('error', message, child.nameRange, 'repeated-element', fix);
        continue;
      }
      seen.add(child.name);
      const index = order.indexOf(child.name);
      if (index < furthest) {
        const message = sentence`“${child.name}” must come before “${order[furthest] ?? ''}” inside “${element.name}”. It is sent in the right order.`;
        const edits = reorderEdits(this.#source, element, order);
        const fix = { title: sentence`Put the elements of “${element.name}” in order`, edits };
        this.#problems.add('warning', message, child.nameRange, 'wrong-order', fix);
      }
      furthest = Math.max(furthest, index);
      const value = this.#readField(child, field);
      if (value !== undefined) dto[child.name] = value;
      if (type.name === 'OSUser' && child.name === 'password') this.#checkPassword(child);
    }
    for (const field of type.fields.values()) {
      if (!field.required || seen.has(field.name) || this.#problems.isEnough) continue;
      const message = sentence`“${element.name}” has no “${field.name}”. Add it.`;
      const lines = exampleElement(type.name, field);
      const edits = insertEdits(this.#source, element, order, field.name, lines);
      const fix = { title: sentence`Add “${field.name}”`, edits, choice };
      this.#problems.add('error', message, element.nameRange, 'missing-element', fix);
    }
    return dto;
  }

  #checkPassword(element: XmlElement): void {
    if (!isTooLongPassword(element.text)) return;
    const message = sentence`“${element.name}” is longer than ${longestPassword} bytes, and nobody could log in with it. Choose a shorter one.`;
    this.#problems.add('error', message, element.textRange, 'too-large');
  }

  #readField(element: XmlElement, field: Field): unknown {
    if (field.kind === 'object') return this.readObject(element, typeInfo(field.type));
    if (field.kind === 'list') return this.#readList(element, field);
    return this.#readScalar(element, field.type, field.values);
  }

  #readList(wrapper: XmlElement, field: Extract<Field, { kind: 'list' }>): unknown[] {
    this.#checkAttributes(wrapper);
    if (wrapper.text !== '') {
      const message = sentence`“${wrapper.name}” holds “${field.item}” elements, not text.`;
      this.#problems.add('error', message, wrapper.textRange, 'unexpected-text');
    }
    const values: unknown[] = [];
    if (!isFinished(wrapper)) return values;
    for (const child of wrapper.children) {
      if (this.#problems.isEnough) break;
      this.#checkNamespace(child);
      if (child.name !== field.item) {
        const message = sentence`“${child.name}” is not allowed in “${wrapper.name}”, only “${field.item}” is.`;
        const fix = { ...rename(child, field.item), ...unlessSure(child.name, field.item, [field.item]) };
        this.#problems.add('error', message, child.nameRange, 'unknown-element', fix);
        continue;
      }
      const value = isTypeName(field.itemType)
        ? this.readObject(child, typeInfo(field.itemType))
        : this.#readScalar(child, field.itemType);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  #readScalar(
    element: XmlElement,
    type: Parameters<typeof readXmlValue>[1],
    values?: readonly string[],
  ): unknown {
    this.#checkAttributes(element);
    const [child] = element.children;
    if (!isFinished(element)) return undefined;
    if (child !== undefined) {
      const message = sentence`“${element.name}” holds a value, not elements.`;
      this.#problems.add('error', message, child.nameRange, 'unknown-element');
      return undefined;
    }
    if (isNil(element)) return undefined;
    if (values !== undefined && !values.includes(element.text)) {
      const keyboard = element.name === 'keyboard' ? keyboardNamed(element.text) : undefined;
      const suggestion = keyboard ?? closest(element.text, values);
      const list = values.length <= 12 ? sentence` It must be one of: ${values.join(', ')}.` : '';
      const message = sentence`“${element.text}” is not a value of “${element.name}”.${didYouMean(suggestion)}${list}`;
      const fix =
        element.text === ''
          ? undefined
          : replace(element.textRange, suggestion, unlessSure(element.text, suggestion, values));
      this.#problems.add('error', message, element.textRange, 'bad-value', fix);
      return undefined;
    }
    const read = readXmlValue(element.text, type);
    if ('value' in read) return read.value;
    const found = element.text === '' ? sentence`empty` : `“${element.text}”`;
    const message = sentence`“${element.name}” must be ${read.expected}, not ${found}.`;
    const fix =
      element.text === '' ? undefined : replace(element.textRange, likelyXmlValue(element.text, type));
    this.#problems.add('error', message, element.textRange, 'bad-value', fix);
    return undefined;
  }

  /** The concrete type: what `xsi:type` says, else what the schema declares. */
  #typeOf(element: XmlElement, declared: TypeInfo): TypeInfo {
    const attribute = element.attributes.find(
      ({ name, namespace }) => name === 'type' && namespace === xsiNamespace,
    );
    if (attribute === undefined) {
      // Written as an element, it is complained about there.
      if (declared.abstract && !element.children.some(isTypeElement)) {
        const names = concreteSubtypes(declared.name);
        const message = sentence`“${element.name}” needs an xsi:type that says which kind it is: ${names.join(', ')}.`;
        const fixes = names.map((name) => this.#typeFix(element, name));
        this.#problems.add('error', message, element.nameRange, 'missing-type', ...fixes);
      }
      return declared;
    }
    const name = this.#typeNamed(attribute, element, declared);
    return name === undefined ? declared : typeInfo(name);
  }

  #typeNamed(attribute: XmlAttribute, element: XmlElement, declared: TypeInfo): TypeName | undefined {
    const colon = attribute.value.indexOf(':');
    const prefix = attribute.value.slice(0, Math.max(colon, 0));
    const name = attribute.value.slice(colon + 1);
    const rootPrefix = rootPrefixOf(element);
    const valueRange = this.#source.places.range(attribute.valueStart, attribute.valueEnd);
    const names = concreteSubtypes(declared.name);
    if (!isTypeName(name) || !isSubtype(name, declared.name) || typeInfo(name).abstract) {
      const suggestion = closest(name, names);
      const message = sentence`“${name}” is not a kind of “${element.name}”.${didYouMean(suggestion)}`;
      const value = suggestion === undefined ? undefined : `${rootPrefix}:${suggestion}`;
      this.#problems.add(
        'error',
        message,
        attribute.range,
        'bad-type',
        replace(valueRange, value, unlessSure(name, suggestion, names)),
      );
      return undefined;
    }
    if (element.resolvePrefix(prefix) === undefined || prefix === '') {
      const message = sentence`The type needs the root’s prefix: xsi:type="${rootPrefix}:${name}".`;
      const fix = {
        title: sentence`Add the prefix “${rootPrefix}”`,
        edits: [{ range: valueRange, newText: `${rootPrefix}:${name}` }],
      };
      this.#problems.add('error', message, attribute.range, 'bad-type', fix);
    }
    return name;
  }

  #checkAttributes(element: XmlElement): void {
    for (const { namespace, prefix, name, range } of element.attributes) {
      if (this.#problems.isEnough) break;
      if (namespace === xsiNamespace || namespace === xmlnsNamespace || name === 'xmlns') continue;
      if (namespace === undefined) {
        const message = sentence`The prefix “${prefix}” is not declared.${prefix === 'xsi' ? sentence` Add xmlns:xsi="${xsiNamespace}" to the root.` : ''}`;
        this.#problems.add('error', message, range, 'unbound-prefix', this.#declarationFix(element, prefix));
        continue;
      }
      const message = sentence`“${element.name}” has no attributes: “${name}” is ignored.`;
      const fix = { title: sentence`Remove “${name}”`, edits: [{ range, newText: '' }] };
      this.#problems.add('warning', message, range, 'unknown-attribute', fix);
    }
  }

  #checkNamespace(element: XmlElement): void {
    if (element.prefix !== '' && element.resolvePrefix(element.prefix) === undefined) {
      const message = sentence`The prefix “${element.prefix}” is not declared. Write <${element.name}>.`;
      const fix = {
        title: sentence`Remove the prefix “${element.prefix}”`,
        edits: renameEdits(element, element.name),
      };
      this.#problems.add('error', message, element.nameRange, 'unbound-prefix', fix);
      return;
    }
    if (element.namespace === '' || this.#namespaceKnown) return;
    const declaration = element.attributes.find(({ name, prefix }) => name === 'xmlns' && prefix === '');
    // Inherited from the parent, which has been complained about.
    if (element.prefix === '' && declaration === undefined) return;
    const remedy =
      element.prefix === '' ? sentence`Remove the xmlns attribute.` : sentence`Write <${element.name}>.`;
    const message = sentence`“${element.name}” must be in no namespace: only the root has a prefix. ${remedy}`;
    const edits =
      declaration === undefined
        ? renameEdits(element, element.name)
        : [{ range: declaration.range, newText: '' }];
    const what =
      declaration === undefined ? sentence`the prefix “${element.prefix}”` : sentence`the xmlns attribute`;
    this.#problems.add('error', message, element.nameRange, 'wrong-namespace', {
      title: sentence`Remove ${what}`,
      edits,
    });
  }

  /** `<xsi:type>` as the API's pages write it: an element, which no XML reader takes for the attribute it stands for. */
  #typeElement(child: XmlElement, parent: XmlElement): boolean {
    if (!isTypeElement(child)) return false;
    const name = child.text.slice(child.text.indexOf(':') + 1);
    const prefix = rootPrefixOf(parent);
    const shown = name === '' ? 'TypeName' : name;
    const message = sentence`xsi:type is an attribute, not an element: write <${qualifiedName(parent)} xsi:type="${prefix}:${shown}">.`;
    const fix = {
      title: sentence`Make xsi:type an attribute`,
      edits: [...this.#typeFix(parent, name).edits, ...removeEdits(this.#source, child)],
    };
    this.#problems.add('error', message, child.nameRange, 'type-as-element', ...(name === '' ? [] : [fix]));
    return true;
  }

  #typeFix(element: XmlElement, name: string): Way {
    const at = element.nameRange.end;
    const declared = element.resolvePrefix('xsi') === undefined ? ` xmlns:xsi="${xsiNamespace}"` : '';
    const newText = `${declared} xsi:type="${rootPrefixOf(element)}:${name}"`;
    return {
      title: sentence`Make it a ${name}`,
      edits: [{ range: { start: at, end: at }, newText }],
      choice,
    };
  }

  #declarationFix(element: XmlElement, prefix: string): Way | undefined {
    if (prefix !== 'xsi') return undefined;
    const at = element.nameRange.end;
    const edits = [{ range: { start: at, end: at }, newText: ` xmlns:xsi="${xsiNamespace}"` }];
    return { title: sentence`Declare the prefix “xsi”`, edits };
  }

  #unknownElement(child: XmlElement, parent: XmlElement, type: TypeInfo): void {
    const wrapper = [...type.fields.values()].find(
      (field) => field.kind === 'list' && field.item === child.name,
    );
    if (wrapper !== undefined) {
      const message = sentence`“${child.name}” belongs inside “${wrapper.name}”.`;
      const has = parent.children.some(({ name }) => name === wrapper.name);
      const { start, end } = child;
      const edits = [
        { range: this.#source.places.range(start, start), newText: `<${wrapper.name}>` },
        { range: this.#source.places.range(end, end), newText: `</${wrapper.name}>` },
      ];
      const fix = has ? undefined : { title: sentence`Put it inside “${wrapper.name}”`, edits };
      this.#problems.add('error', message, child.nameRange, 'unknown-element', fix);
      return;
    }
    const former = Object.hasOwn(formerNames, child.name) ? formerNames[child.name] : undefined;
    const isFormer = former !== undefined && type.fields.has(former);
    const suggestion = isFormer ? former : closest(child.name, type.fields.keys());
    const message = sentence`“${child.name}” is not an element of “${parent.name}”.${didYouMean(suggestion)}`;
    const remove = {
      title: sentence`Remove “${child.name}”`,
      edits: removeEdits(this.#source, child),
      choice,
    };
    const taken = parent.children.some(({ name }) => name === suggestion);
    const sure = isFormer ? {} : unlessSure(child.name, suggestion, type.fields.keys());
    const fixes =
      suggestion === undefined || taken ? [remove] : [{ ...rename(child, suggestion), ...sure }, remove];
    this.#problems.add('error', message, child.nameRange, 'unknown-element', ...fixes);
  }
}

const choice = true as const;

function rename(element: XmlElement, name: string): Way {
  return { title: sentence`Rename to “${name}”`, edits: renameEdits(element, name) };
}

/** Puts another value in a range's place, when there is one. */
function replace(range: Range, value: string | undefined, sure: Pick<Way, 'choice'> = {}): Way | undefined {
  return value === undefined ? undefined : { ...replacement(range, value), ...sure };
}
