import type { TypeName } from '../../uforge/dto.ts';
import { rootType, typeInfo } from '../../uforge/schema/table.ts';
import type { Owner } from '../language/elementMeaning.ts';
import type { Translations } from '../../uforge/language/sentence.ts';
import { told, type Problem } from '../text/problem.ts';
import { parseRepresentation } from '../request/representation.ts';
import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { targetFormatNamed, type TargetFormatFacts } from '../catalog/targetFormats.ts';
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/tree.ts';
import { UnshownProblems } from './unshownProblems.ts';
import { fieldAt, type FormField } from './fields.ts';
import { listsOf, type FormList } from './lists.ts';
import { elementAtPath } from './path.ts';

export interface FormSection {
  readonly id:
    'image' | 'machine' | 'disk' | 'network' | 'container' | 'amazon' | 'system' | 'users' | 'others';
  readonly fields: readonly FormField[];
  readonly lists: readonly FormList[];
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
  /** Shown only when the target format has to do with it, or when it is there. */
  readonly when?: (facts: TargetFormatFacts) => boolean;
}

interface SectionSpec {
  readonly id: FormSection['id'];
  readonly fields?: readonly FieldSpec[];
  /** What the paths of its lists start with; the first section that fits has a list. */
  readonly lists?: string;
}

const sections: readonly SectionSpec[] = [
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
      { id: 'installProfile/memorySize' },
      { id: 'installProfile/hwType', when: ({ hwType }) => hwType === true },
    ],
  },
  {
    id: 'disk',
    fields: [
      { id: 'installProfile/diskSize' },
      { id: 'installProfile/swapSize' },
      { id: 'installProfile/partitionAuto' },
    ],
    lists: 'installProfile/partitionTable/',
  },
  { id: 'network', lists: 'installProfile/nics' },
  { id: 'container', fields: [{ id: 'entrypoint', when: ({ entrypoint }) => entrypoint === true }] },
  {
    id: 'amazon',
    fields: [
      { id: 'ebs', when: ({ ebs }) => ebs === true },
      { id: 'ebsVolumeSize', when: ({ ebs }) => ebs === true },
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
  { id: 'users', lists: 'installProfile/' },
  { id: 'others', lists: '' },
];

/**
 * A request for an image as a form: its values and lists, what they mean, and what is wrong with them by the same
 * checks.
 */
export function requestForm(
  text: string,
  server?: ServerKnowledge,
  translations?: Translations,
): RequestForm {
  const document = parseXml(text);
  const { root } = document;
  const problems = told(parseRepresentation(text, { server }).findings, translations);
  const isForm = root?.name === 'image' && document.problems.length === 0;
  if (root === undefined || !isForm) return { kind: 'text', problems };
  const facts = targetFormatNamed(elementAtPath(root, 'targetFormat/name')?.text ?? '');
  const unshown = new UnshownProblems(problems, document, root);
  const context = { root, server, unshown, translations };
  const fieldsOf = ({ fields = [] }: SectionSpec): readonly FormField[] =>
    fields
      .filter((field) => isShown(field, root, facts))
      .map(({ id }) => ({
        ...fieldAt(id, declared(id), elementAtPath(root, id), context),
        isRare: false,
      }));
  const lists = listsOf(rootType('image'), root, '', context);
  const homeOf = ({ id }: FormList): SectionSpec | undefined =>
    sections.find((each) => each.lists !== undefined && id.startsWith(each.lists));
  const found = sections.map((section) => ({
    id: section.id,
    fields: fieldsOf(section),
    lists: lists.filter((list) => homeOf(list) === section),
  }));
  return {
    kind: 'form',
    sections: found.filter((section) => section.fields.length + section.lists.length > 0),
    others: unshown.rest(),
  };
}

function declared(id: string): Owner {
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
  return { type: typeInfo(type), field };
}

function isShown({ id, when }: FieldSpec, root: XmlElement, facts: TargetFormatFacts | undefined): boolean {
  if (when === undefined || elementAtPath(root, id) !== undefined) return true;
  return facts !== undefined && when(facts);
}
