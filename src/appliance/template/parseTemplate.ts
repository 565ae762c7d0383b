import {
  mostProblems,
  told,
  type Finding,
  type Position,
  type Problem,
  type Range,
} from '../text/problem.ts';
import { jsonFailure } from './model/jsonFailure.ts';
import { readTemplateNode, type ReadOptions, type ReadTemplate } from './model/reader.ts';
import type { TemplatePath } from './model/path.ts';
import { checkBuilders } from './rules/builders.ts';
import { sameQuotes } from '../yaml/sameQuotes.ts';
import { checkPackages } from './rules/packages.ts';
import { distributionOf, type ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { checkTemplateOnServer } from './rules/server.ts';
import { checkTemplateRules } from './rules/templateRules.ts';
import { TextPlaces } from '../text/places.ts';
import { readYaml } from '../yaml/tree.ts';
import type { Template, TemplateLanguage } from './model/template.ts';
import { sentence } from '../../uforge/language/sentence.ts';

export interface ParsedTemplate {
  /** Only when there is no error but in its builders. It has those that have none. */
  readonly template?: Template;
  /** The others: what is wrong with one keeps no other from being generated. */
  readonly wrongBuilders: readonly WrongBuilder[];
  /** In the order of the text. Unknown keys are warnings, so show them: they are not in `template`. */
  readonly problems: readonly Problem[];
  /** The same, for who tells them in another language. */
  readonly findings: readonly Finding[];
  /** Where in the text the value at a path is, else the nearest thing above it. */
  readonly rangeAt: (path: TemplatePath) => Range;
}

interface WrongBuilder {
  /** The target format it names, if it names one. */
  readonly type: string | undefined;
  readonly findings: readonly Finding[];
}

/** What a template is checked with beyond its own text. */
export interface TemplateContext extends ReadOptions {
  /** Names of the target formats the server has, where that is known. */
  readonly knownFormats?: readonly string[] | undefined;
  /** What else the server has. */
  readonly server?: ServerKnowledge | undefined;
}

/** Reads and checks a template. Never throws: whatever is wrong is a problem with its position. */
export function parseTemplate(
  source: string,
  language: TemplateLanguage,
  context: TemplateContext = {},
): ParsedTemplate {
  // Editors don't count the byte order mark either.
  const text = source.replace(/^\uFEFF/, '');
  const places = new TextPlaces(text);
  const rangeOf = (from: number, to: number): Range => places.range(from, to);
  const { root, errors } = readYaml(text);
  const [beyond] = errors.filter(({ isBeyondLimits }) => isBeyondLimits);
  if (beyond !== undefined) {
    const range = rangeOf(beyond.from, beyond.to);
    return failed([{ message: beyond.message, severity: 'error', range, code: 'too-large' }]);
  }
  const notJson = language === 'json' ? jsonProblems(text, rangeOf) : [];
  if (notJson.length > 0) return failed(notJson);
  const findings: Finding[] = errors.slice(0, mostProblems).map((error) => ({
    message: sentence`Not well-formed ${language === 'json' ? 'JSON' : 'YAML'}: ${error.message}`,
    severity: 'error',
    range: rangeOf(error.from, error.to),
    code: 'not-well-formed',
  }));
  if (findings.length > 0) return failed(findings);

  const read = readTemplateNode(root, text, rangeOf, context);
  findings.push(...read.problems);
  if (read.template !== undefined) {
    const { server, knownFormats = server?.formats } = context;
    const quote = sameQuotes(text);
    const { os } = read.template.stack;
    const distribution = distributionOf(server?.distributions ?? [], os);
    findings.push(
      ...checkTemplateRules(read.template, read).filter(isAboutWhatWasRead(read.problems)),
      ...checkPackages(os, { ...read, quote, known: server, distribution }),
      ...checkBuilders(read.template, read, quote, knownFormats),
      ...(server === undefined ? [] : checkTemplateOnServer(read.template, read, quote, server)),
    );
  }
  // A whole object is never what is wrong: the problem is shown where it begins.
  const shown = findings.map((finding) => ({ ...finding, range: places.head(finding.range) }));
  shown.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
  return {
    ...withoutWrongBuilders(read, shown),
    problems: told(shown),
    findings: shown,
    rangeAt: read.rangeAt,
  };
}

/** What can be built of a template, and which of its builders can't. */
function withoutWrongBuilders(
  { template, itemRanges }: ReadTemplate,
  findings: readonly Finding[],
): Pick<ParsedTemplate, 'template' | 'wrongBuilders'> {
  const errors = new Set(findings.filter(({ severity }) => severity === 'error'));
  const wrong = new Map<number, WrongBuilder>();
  itemRanges(['builders']).forEach(({ range, index }) => {
    const own = [...errors].filter((each) => isInside(each.range.start, range));
    if (own.length === 0) return;
    const type = index === undefined ? undefined : template?.builders?.[index]?.type;
    wrong.set(index ?? -1 - wrong.size, { type, findings: own });
    own.forEach((each) => errors.delete(each));
  });
  const wrongBuilders = [...wrong.values()];
  if (errors.size > 0 || template === undefined) return { wrongBuilders };
  if (wrong.size === 0) return { template, wrongBuilders };
  const builders = template.builders?.filter((_, index) => !wrong.has(index)) ?? [];
  return { template: { ...template, builders }, wrongBuilders };
}

function isInside({ line, character }: Position, { start, end }: Range): boolean {
  const isBefore = line < start.line || (line === start.line && character < start.character);
  const isBehind = line > end.line || (line === end.line && character > end.character);
  return !isBefore && !isBehind;
}

/** What has an error in it was not read: nothing can be missing there. */
function isAboutWhatWasRead(problems: readonly Finding[]): (finding: Finding) => boolean {
  const unread = problems.filter(({ severity }) => severity === 'error').map(({ range }) => range);
  return ({ range }) => !unread.some((inner) => isInside(inner.start, range) && isInside(inner.end, range));
}

const origin = { line: 0, character: 0 };
const start = { severity: 'error', range: { start: origin, end: origin } } as const;

function failed(findings: readonly Finding[]): ParsedTemplate {
  return { wrongBuilders: [], problems: told(findings), findings, rangeAt: () => start.range };
}

/** YAML reads more than JSON allows: comments, bare words. */
function jsonProblems(text: string, rangeOf: (from: number, to: number) => Range): Finding[] {
  const failure = jsonFailure(text);
  if (failure === undefined) return [];
  const { words, at } = failure;
  const message = sentence`Not well-formed JSON: ${words}.`;
  return [{ message, severity: 'error', range: rangeOf(at, at + 1), code: 'not-well-formed' }];
}
