import { checkAccounts } from './accounts.ts';
import { checkBundles, checkTimeLimit } from './bundles.ts';
import { checkListed } from './closedList.ts';
import { checkLinks } from './links.ts';
import { checkNetwork } from './network.ts';
import { checkPackageSources } from './packageSources.ts';
import { checkPartitioning } from './partitioning.ts';
import { checkValue, nameProblem } from './paths.ts';
import { isTimeZone, likelyTimeZone } from '../../catalog/timeZones.ts';
import type { Finding, Way } from '../../text/problem.ts';
import { didYouMean, replacement } from '../../text/suggest.ts';
import { duplicates, RuleContext } from './ruleContext.ts';
import { checkSettings } from './settings.ts';
import { checkTests } from './tests.ts';
import type { Installation, Template } from '../model/template.ts';
import type { TemplatePath, TemplatePlaces } from '../model/path.ts';
import { sentence } from '../../../uforge/language/sentence.ts';

/** What the table of the language can't say: rules between fields. Source: hammr 3.8.13, templates-spec. */
export function checkTemplateRules(template: Template, read: TemplatePlaces): Finding[] {
  const rules = new RuleContext(read);
  const { stack } = template;
  for (const key of ['name', 'version'] as const) {
    if (stack[key].trim() === '') rules.error(['stack', key], sentence`is empty. Give it a value.`, 'empty');
  }
  checkOs(template, rules);
  if (stack.installation !== undefined) checkInstallation(stack.installation, rules);
  const config = stack.config ?? [];
  duplicates(
    config,
    (script) => script.name,
    (index) =>
      rules.error(
        ['stack', 'config', index, 'name'],
        sentence`is used twice. Rename one of the two.`,
        'duplicate',
      ),
  );
  config.forEach((script, index) => {
    checkTimeLimit(script, ['stack', 'config', index], rules);
    const path = ['stack', 'config', index, 'name'];
    if (script.name.trim() === '') rules.error(path, sentence`is empty. Give it a value.`, 'empty');
    // Its file is named after it, where a “/” becomes “_”.
    else checkValue(script.name.replaceAll('/', '_'), nameProblem, path, rules);
  });
  checkBundles(stack.bundles ?? [], rules);
  checkTests(template.tests ?? [], rules);
  return rules.problems;
}

function checkOs({ stack }: Template, rules: RuleContext): void {
  const path: TemplatePath = ['stack', 'os'];
  // Without a profile the packages are the appliance.
  if (stack.os.profile === undefined && (stack.os.pkgs ?? []).length === 0) {
    const fix = rules.additionAt(path, 'profile');
    rules.warn(path, sentence`has no “profile”: UForge needs one to install an OS.`, 'missing-profile', fix);
  }
  if (stack.os.updateTo !== undefined && parseUpdateTo(stack.os.updateTo) === undefined) {
    const says = sentence`“${stack.os.updateTo}” is no date. Write 2026-01-31, or 2026-01-31 12:00 UTC.`;
    rules.error([...path, 'updateTo'], says, 'bad-value');
  }
  checkPackageSources(stack.os, path, rules);
}

/**
 * `os.updateTo`: a date, or a date with a time and a zone (`2014-05-14 00:00 UTC`); without a zone it is UTC. Exports
 * have the month first: `12-19-2016 10:32:07 GMT`, `01-30-2014`.
 * Source: hammr 3.8.13, templates-spec, stack-os; the user guide, “Import and Export”.
 */
export function parseUpdateTo(text: string): Date | undefined {
  const yearFirst = text.trim().replace(/^(\d{2}-\d{2})-(\d{4})(?!\d)/, '$2-$1');
  const found =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/i.exec(
      yearFirst,
    );
  if (found === null) return undefined;
  const [, day = '', time = '00:00', seconds = '00', zone = 'Z'] = found;
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(...):?/, '$1:') : 'Z';
  const date = new Date(`${day}T${time.padStart(5, '0')}:${seconds}${offset}`);
  const start = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || Number.isNaN(start.getTime())) return undefined;
  // 2026-02-31 can be counted on to the third of March, but is no date.
  return start.toISOString().startsWith(day) ? date : undefined;
}

function checkTimeZone(name: string | undefined, path: TemplatePath, rules: RuleContext): void {
  if (name === undefined || isTimeZone(name)) return;
  const likely = likelyTimeZone(name);
  const fix: Way | undefined =
    likely === undefined ? undefined : { ...replacement(rules.rangeAt(path), likely), choice: true };
  rules.error(path, sentence`“${name}” is no time zone.${didYouMean(likely)}`, 'bad-value', fix);
}

function checkInstallation(installation: Installation, rules: RuleContext): void {
  const path: TemplatePath = ['stack', 'installation'];
  const { partitioning } = installation;
  if (partitioning !== undefined) {
    for (const key of ['diskSize', 'swapSize'] as const) {
      if (installation[key] === undefined) continue;
      rules.warn([...path, key], sentence`is ignored because there is a partitioning.`, 'ignored');
    }
    checkPartitioning(partitioning, [...path, 'partitioning'], rules);
  }
  checkAccounts(installation, path, rules);
  checkNetwork(installation, path, rules);
  checkLinks(installation, path, rules);
  checkSettings(installation, path, rules);
  installation.kernelParams?.forEach((parameter, index) => {
    if (/^\S+$/.test(parameter)) return;
    rules.error(
      [...path, 'kernelParams', index],
      sentence`“${parameter}”: one parameter each, without blanks.`,
      'bad-value',
    );
  });
  checkTimeZone(installation.timezone, [...path, 'timezone'], rules);
  checkListed(installation.keyboard, [...path, 'keyboard'], ['InstallProfile', 'keyboard'], rules);
}
