import { isSecret } from '../../uforge/schema/secrets.ts';
import { isEssential } from '../request/examples.ts';
import { elementDoc } from '../language/elementDocs.ts';
import { lineageOf, sizeUnit, type Owner } from '../language/elementMeaning.ts';
import { isChoice, likelyValues } from '../language/xmlValues.ts';
import type { Problem } from '../text/problem.ts';
import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import type { XmlElement } from '../xml/element.ts';
import type { UnshownProblems } from './unshownProblems.ts';
import { say, type Translations } from '../../uforge/language/sentence.ts';

/** A value of a request as a form shows it. */
export interface FormField {
  /** Path of its element below the root: `installProfile/memorySize`. */
  readonly id: string;
  readonly kind: 'text' | 'number' | 'flag' | 'choice' | 'secret';
  readonly unit?: 'MB';
  /** For a choice all that is right; for a text what is likely. */
  readonly values?: readonly string[];
  /** As it stands in the text; empty when the element is not there. */
  readonly value: string;
  readonly isThere: boolean;
  /** Neither there nor what a person would begin with. */
  readonly isRare: boolean;
  /** What the element means. */
  readonly help: string;
  readonly problems: readonly Problem[];
}

/** What a form is made from. */
export interface FormContext {
  readonly root: XmlElement;
  readonly server: ServerKnowledge | undefined;
  readonly unshown: UnshownProblems;
  readonly translations: Translations | undefined;
}

/** The value at a path; `element` is where it stands, when it does. */
export function fieldAt(
  id: string,
  owner: Owner,
  element: XmlElement | undefined,
  { root, server, unshown, translations }: FormContext,
): FormField {
  const { type, field } = owner;
  const kind = kindOf(owner);
  const values = kind === 'flag' ? [] : likelyValues(owner, root, server);
  return {
    id,
    kind,
    ...(sizeUnit(type, field.name) === 'MB' && { unit: 'MB' as const }),
    ...(values.length > 0 && { values }),
    value: element?.text ?? '',
    isThere: element !== undefined,
    isRare: element === undefined && !isEssential(type.name, field),
    help: say(elementDoc(lineageOf(type), field.name), translations),
    problems: element === undefined ? unshown.ofMissing(id) : unshown.within(element),
  };
}

function kindOf(owner: Owner): FormField['kind'] {
  const { field } = owner;
  if (isChoice(owner)) return 'choice';
  if (isSecret(field.name)) return 'secret';
  if (field.kind !== 'scalar') return 'text';
  if (field.type === 'boolean') return 'flag';
  return ['int', 'integer', 'long', 'float'].includes(field.type) ? 'number' : 'text';
}
