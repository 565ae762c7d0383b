import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';
import { SaidError } from '../../../uforge/language/saidError.ts';
import { targetFormats } from '../../catalog/targetFormats.ts';
import { closest } from '../../text/suggest.ts';
import type { Bundle, Os } from '../model/template.ts';

/**
 * `restrictionRule` of a bundle: for which systems and target formats it is meant. The grammar is UForge's (end-user
 * guide, “Restricting Software Components for OSes and Formats”): `Object#field=value`, `!=`, `&&`, `||`,
 * parentheses, one line; `&&` binds stronger than `||`.
 */
const fieldsOf = {
  Distribution: ['family', 'pkgType', 'name', 'version', 'arch'],
  TargetFormat: ['name', 'type'],
} as const;

/** The type of Debian's packages, in the words of the rules. */
export const debianPackages = 'application/x-debian-package';

/** Values that the guide lists, by field; `deb` and `rpm` are what people write for the types of packages. */
const documented: Readonly<Record<string, readonly string[]>> = {
  'Distribution#family': ['linux', 'unix', 'windows'],
  'Distribution#pkgType': ['application/x-rpm', debianPackages],
  'TargetFormat#type': ['cloud', 'container', 'physical', 'virtual'],
};
const shortTypes: Readonly<Record<string, string>> = { deb: debianPackages, rpm: 'application/x-rpm' };

type RuleObject = keyof typeof fieldsOf;

export type RestrictionRule =
  | { readonly kind: 'and' | 'or'; readonly rules: readonly RestrictionRule[] }
  | {
      readonly kind: 'compare';
      readonly object: RuleObject;
      readonly field: string;
      readonly equal: boolean;
      readonly value: string;
    };

/** What an image is, in the words of the rules. `version` is the major version. */
export interface RestrictionFacts {
  readonly Distribution: Readonly<Record<(typeof fieldsOf.Distribution)[number], string>>;
  readonly TargetFormat: Readonly<Record<(typeof fieldsOf.TargetFormat)[number], string>>;
}

/** A rule that can't be read: `offset` is where in its text. */
export class RestrictionRuleError extends SaidError {
  override readonly name = 'RestrictionRuleError';
  readonly offset: number;

  constructor(said: Sentence, offset: number) {
    super(said);
    this.offset = offset;
  }
}

/** @throws {RestrictionRuleError} */
export function parseRestrictionRule(text: string): RestrictionRule {
  const parser = new Parser(text);
  return parser.parse();
}

/** Whether a bundle with that rule belongs into an image. Values are compared without regard to case. */
export function restrictionAllows(rule: RestrictionRule, facts: RestrictionFacts): boolean {
  if (rule.kind !== 'compare') {
    const allows = (each: RestrictionRule): boolean => restrictionAllows(each, facts);
    return rule.kind === 'and' ? rule.rules.every(allows) : rule.rules.some(allows);
  }
  const table: Readonly<Record<string, string>> = facts[rule.object];
  const actual = (table[rule.field] ?? '').toLowerCase();
  let wanted = rule.value.toLowerCase();
  // “The version must be a major version”, but people write 12.5 all the same.
  if (rule.field === 'version') wanted = wanted.split('.')[0] ?? '';
  if (rule.field === 'pkgType') wanted = shortTypes[wanted] ?? wanted;
  if (rule.field === 'arch') wanted = wanted === 'amd64' ? 'x86_64' : wanted;
  return (actual === wanted) === rule.equal;
}

/** The rule of a bundle: its own, else what `oses` of an export says; empty when it is meant for all. */
export function restrictionOf({ restrictionRule, oses = [] }: Bundle): string {
  const rule = restrictionRule?.trim() ?? '';
  if (rule !== '') return rule;
  const each = oses.map((os) =>
    (['name', 'version', 'arch'] as const)
      .flatMap((key) =>
        os[key] === undefined ? [] : [`Distribution#${key}="${os[key].replaceAll('"', '')}"`],
      )
      .join(' && '),
  );
  return each.map((one) => (each.length === 1 ? one : `(${one})`)).join(' || ');
}

/** The target formats whose images of that system have the bundle; undefined: all of them. */
export function formatsWith(bundle: Bundle, { name, version, arch }: Os): readonly string[] | undefined {
  const text = restrictionOf(bundle);
  if (text === '') return undefined;
  const family = /windows/i.test(name) ? 'windows' : 'linux';
  const pkgType = /debian|ubuntu/i.test(name) ? debianPackages : 'application/x-rpm';
  const major = version.split('.')[0] ?? '';
  const system = { family, pkgType, name, version: major, arch: arch === 'amd64' ? 'x86_64' : arch };
  try {
    const rule = parseRestrictionRule(text);
    const having = targetFormats.filter((format) =>
      restrictionAllows(rule, {
        Distribution: system,
        TargetFormat: { name: format.name, type: format.category },
      }),
    );
    return having.length === targetFormats.length ? undefined : having.map((format) => format.name);
  } catch (error) {
    // No rule at all, which is said elsewhere.
    if (error instanceof RestrictionRuleError) return undefined;
    throw error;
  }
}

/** A value of a rule that no image ever has. */
export interface UnknownValue {
  readonly attribute: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly meant: string | undefined;
}

/** Values outside of the documented lists: what compares with them is never so, or always. */
export function unknownValues(rule: RestrictionRule): readonly UnknownValue[] {
  if (rule.kind !== 'compare') return rule.rules.flatMap(unknownValues);
  const { value } = rule;
  const attribute = `${rule.object}#${rule.field}`;
  const values =
    attribute === 'TargetFormat#name' ? targetFormats.map(({ name }) => name) : documented[attribute];
  if (values?.some((each) => each.toLowerCase() === value.toLowerCase()) ?? true) return [];
  const meant = shortTypes[value.toLowerCase()];
  if (rule.field === 'pkgType' && meant !== undefined) return [];
  return [{ attribute, value, values: values ?? [], meant: closest(value, values ?? []) }];
}

/** How deep parentheses may be. */
const maxDepth = 32;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): RestrictionRule {
    const lineBreak = this.#text.search(/[\r\n]/);
    if (lineBreak >= 0) throw new RestrictionRuleError(sentence`A rule is one line.`, lineBreak);
    const rule = this.#chain('||', 0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#fail(sentence`“${this.#rest()}” is one too many`);
    return rule;
  }

  #chain(operator: '||' | '&&', depth: number): RestrictionRule {
    const next = (): RestrictionRule => (operator === '||' ? this.#chain('&&', depth) : this.#term(depth));
    const rules = [next()];
    while (this.#take(operator)) rules.push(next());
    const [only] = rules;
    return rules.length === 1 && only !== undefined
      ? only
      : { kind: operator === '||' ? 'or' : 'and', rules };
  }

  #term(depth: number): RestrictionRule {
    if (depth > maxDepth) this.#fail(sentence`the parentheses are nested too deeply`);
    if (!this.#take('(')) return this.#comparison();
    const inner = this.#chain('||', depth + 1);
    if (!this.#take(')')) this.#fail(sentence`“)” is missing`);
    return inner;
  }

  #comparison(): RestrictionRule {
    this.#skipBlanks();
    const found = /^(\w+)\s*#\s*(\w+)\s*(!=|==?)/.exec(this.#text.slice(this.#at));
    if (found === null) this.#fail(sentence`something like Distribution#name=Debian is missing`);
    const [whole, object = '', field = '', operator] = found;
    if (!isObject(object)) this.#fail(sentence`“${object}” is neither Distribution nor TargetFormat`);
    const fields: readonly string[] = fieldsOf[object];
    if (!fields.includes(field)) this.#fail(sentence`${object} has no “${field}”, only ${fields.join(', ')}`);
    this.#at += whole.length;
    return { kind: 'compare', object, field, equal: operator !== '!=', value: this.#value() };
  }

  /** Up to the next operator. A name such as `CloudStack KVM (QCOW2)` has parentheses of its own. */
  #value(): string {
    this.#skipBlanks();
    const from = this.#at;
    const quoted = /^"([^"]*)"|^'([^']*)'/.exec(this.#text.slice(from));
    if (quoted !== null) {
      this.#at += quoted[0].length;
      return quoted[1] ?? quoted[2] ?? '';
    }
    let open = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const pair = this.#text.slice(this.#at, this.#at + 2);
      if (pair === '&&' || pair === '||') break;
      if (pair.startsWith('(')) open++;
      if (pair.startsWith(')') && open-- === 0) break;
    }
    const value = this.#text.slice(from, this.#at).trim();
    if (value === '') this.#fail(sentence`a value is missing`);
    return value;
  }

  #take(token: string): boolean {
    this.#skipBlanks();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }

  #rest(): string {
    return this.#text.slice(this.#at, this.#at + 30);
  }

  #fail(reason: Sentence): never {
    throw new RestrictionRuleError(sentence`At character ${this.#at + 1}, ${reason}.`, this.#at);
  }
}

function isObject(name: string): name is RuleObject {
  return Object.hasOwn(fieldsOf, name);
}
