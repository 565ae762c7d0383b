import { hasErrors, mostProblems, told, type Finding, type Problem, type Range } from '../text/problem.ts';
import { jsonFailure } from './model/jsonFailure.ts';
import { readTemplateNode, type ReadOptions } from './model/reader.ts';
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
  /** Only when there is no error. */
  readonly template?: Template;
  /** In the order of the text. Unknown keys are warnings, so show them: they are not in `template`. */
  readonly problems: readonly Problem[];
  /** The same, for who tells them in another language. */
  readonly findings: readonly Finding[];
  /** Where in the text the value at a path is, else the nearest thing above it. */
  readonly rangeAt: (path: TemplatePath) => Range;
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
      ...checkTemplateRules(read.template, read),
      ...checkPackages(os, { rangeAt: read.rangeAt, quote, known: server, distribution }),
      ...checkBuilders(read.template, read, quote, knownFormats),
      ...(server === undefined ? [] : checkTemplateOnServer(read.template, read, quote, server)),
    );
  }
  findings.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
  const template = hasErrors(findings) ? undefined : read.template;
  const { rangeAt } = read;
  return { ...(template === undefined ? {} : { template }), problems: told(findings), findings, rangeAt };
}

const origin = { line: 0, character: 0 };
const start = { severity: 'error', range: { start: origin, end: origin } } as const;

function failed(findings: readonly Finding[]): ParsedTemplate {
  return { problems: told(findings), findings, rangeAt: () => start.range };
}

/** YAML reads more than JSON allows: comments, bare words. */
function jsonProblems(text: string, rangeOf: (from: number, to: number) => Range): Finding[] {
  const failure = jsonFailure(text);
  if (failure === undefined) return [];
  const { words, at } = failure;
  const message = sentence`Not well-formed JSON: ${words}.`;
  return [{ message, severity: 'error', range: rangeOf(at, at + 1), code: 'not-well-formed' }];
}
