import { messageOf } from '../../../uforge/messageOf.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';
import type { TemplatePath } from '../model/path.ts';
import type { Test } from '../model/template.ts';
import { kindsOf, testKinds, testPattern, versionBounds, type TestKind } from '../model/testKinds.ts';
import { checkOwnerAndRights } from './bundles.ts';
import { controlProblem, imagePathProblem, shortened } from './paths.ts';
import type { RuleContext } from './ruleContext.ts';

const kinds = Object.keys(testKinds) as TestKind[];
const patterns = ['console', 'output', 'body', 'content'] as const;
const bounds = { port: [1, 65_535], status: [100, 599], exitCode: [0, 255], within: [1, 86_400] } as const;
/** A name of Debian's, and of a unit; none of them may look like an option. */
const packageName = /^[a-z0-9][a-z0-9+.-]+$/;
const unit = /^[\w:@.\\][\w:@.\\-]{0,254}$/;

/** Rules of what a template says of a good image. */
export function checkTests(tests: readonly Test[], rules: RuleContext): void {
  tests.forEach((test, index) => {
    const path = ['tests', index];
    checkKind(test, path, rules);
    checkValues(test, path, rules);
    for (const key of patterns) checkPattern(test[key], [...path, key], rules);
    for (const [key, [least, most]] of Object.entries(bounds)) {
      const value = test[key as keyof typeof bounds];
      if (value === undefined || (value >= least && value <= most)) continue;
      rules.error([...path, key], sentence`is ${value}: between ${least} and ${most}.`, 'bad-value');
    }
  });
}

/** One check an entry, and nothing beside it that belongs to another. */
function checkKind(test: Test, path: TemplatePath, rules: RuleContext): void {
  const [kind, ...more] = kindsOf(test);
  if (kind === undefined) {
    rules.error(path, sentence`checks nothing. Give it one of: ${kinds.join(', ')}.`, 'missing-key');
    return;
  }
  for (const other of more) {
    rules.error(
      [...path, other],
      sentence`is a check beside “${kind}”. Make an entry of its own of it.`,
      'bad-value',
    );
  }
  for (const owner of kinds) {
    if (owner === kind || more.includes(owner)) continue;
    for (const key of testKinds[owner]) {
      if (test[key] === undefined) continue;
      rules.error([...path, key], sentence`belongs to “${owner}”, not to “${kind}”.`, 'bad-value');
    }
  }
}

function checkValues(test: Test, path: TemplatePath, rules: RuleContext): void {
  const { name, command, http, file, service, version } = test;
  const wrong = (key: keyof Test, says: Sentence): void => rules.error([...path, key], says, 'bad-value');
  if (name?.trim() === '') wrong('name', sentence`is empty. Give it a value.`);
  if (command?.trim() === '') wrong('command', sentence`is empty. Give it a value.`);
  if (http !== undefined && !isWebAddress(http))
    wrong('http', sentence`“${shortened(http)}” is no address. Write http://localhost:8080/status.`);
  const problem = file === undefined ? undefined : imagePathProblem(file);
  if (problem !== undefined) wrong('file', sentence`${problem}.`);
  checkOwnerAndRights(test, path, rules);
  if (test.package !== undefined && !packageName.test(test.package))
    wrong('package', sentence`“${shortened(test.package)}” is no name of a package.`);
  if (version !== undefined && versionBounds(version) === undefined)
    wrong('version', sentence`“${shortened(version)}” is no range of versions. Write >= 1.22, < 2.`);
  if (service !== undefined && !unit.test(service))
    wrong('service', sentence`“${shortened(service)}” is no name of a unit. Write nginx.service.`);
  if (test.noFailedUnits === false)
    wrong('noFailedUnits', sentence`must be true. Without the check, leave it out.`);
}

function checkPattern(text: string | undefined, path: TemplatePath, rules: RuleContext): void {
  if (text === undefined) return;
  if (text === '') {
    // It would match whatever there is.
    rules.error(path, sentence`is empty. Give it a value.`, 'empty');
    return;
  }
  try {
    testPattern(text);
  } catch (error) {
    const reason = messageOf(error).replace(/^.*\/m: /, '');
    rules.error(path, sentence`“${shortened(text)}” is no regular expression: ${reason}.`, 'bad-value');
  }
}

function isWebAddress(text: string): boolean {
  if (controlProblem(text) !== undefined || !URL.canParse(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && username === '';
}
