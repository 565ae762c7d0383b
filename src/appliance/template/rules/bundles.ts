import { posix } from 'node:path';
import { placedFiles, type PlacedFile } from './bundleTargets.ts';
import { checkValue, controlProblem, fileNameProblem, imagePathProblem, nameProblem } from './paths.ts';
import { parseRestrictionRule, RestrictionRuleError, unknownValues } from './restrictionRule.ts';
import { didYouMean } from '../../text/suggest.ts';
import { duplicates, type RuleContext } from './ruleContext.ts';
import type { Bundle, BundleFile } from '../model/template.ts';
import { named, type TemplatePath } from '../model/path.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

/** Rules of bundles. Source: hammr 3.8.13, templates-spec (stack-bundles, stack-bundle-files) and bundle_utils.py. */
export function checkBundles(bundles: readonly Bundle[], rules: RuleContext): void {
  duplicates(
    bundles,
    (bundle) => `${bundle.name} ${bundle.version}`,
    (index) => {
      const path = ['stack', 'bundles', index, 'name'];
      rules.error(path, sentence`is used twice with the same version. Rename one of the two.`, 'duplicate');
    },
  );
  bundles.forEach((bundle, index) => {
    const path: TemplatePath = ['stack', 'bundles', index];
    checkRestriction(bundle, path, rules);
    checkValue(bundle.name, bundleNameProblem, [...path, 'name'], rules);
    checkValue(bundle.version, bundleNameProblem, [...path, 'version'], rules);
    checkValue(bundle.license?.name, fileNameProblem, [...path, 'license', 'name'], rules);
    checkValue(bundle.destination, imagePathProblem, [...path, 'destination'], rules);
    checkFiles(bundle.files, [...path, 'files'], 0, rules);
  });
  checkTargets(bundles, rules);
}

/** Of two files at one place the later one stays; bundles with a rule may be there for each other. */
function checkTargets(bundles: readonly Bundle[], rules: RuleContext): void {
  const always = new Map<string, PlacedFile>();
  bundles.forEach((bundle, index) => {
    const seen = bundle.restrictionRule === undefined ? always : new Map<string, PlacedFile>();
    for (const each of placedFiles(bundle, ['stack', 'bundles', index])) {
      if (fileNameProblem(each.file.name) !== undefined) continue;
      const target = posix.normalize(each.target);
      const before = seen.get(target);
      seen.set(target, each);
      if (before === undefined || before.file.source === each.file.source) continue;
      const says = sentence`is ${target} in the image, as ${named(before.path)} is: only the later one stays. Rename one, or change its “destination”.`;
      rules.warn([...each.path, 'name'], says, 'duplicate');
    }
  });
}

function checkRestriction({ restrictionRule }: Bundle, bundle: TemplatePath, rules: RuleContext): void {
  if (restrictionRule === undefined || restrictionRule.trim() === '') return;
  try {
    for (const { attribute, value, values, meant } of unknownValues(parseRestrictionRule(restrictionRule))) {
      const list = attribute === 'TargetFormat#name' ? '' : sentence` It has: ${values.join(', ')}.`;
      const says = sentence`compares ${attribute} with “${value}”, which nothing is called.${didYouMean(meant)}${list}`;
      rules.warn([...bundle, 'restrictionRule'], says, 'bad-value');
    }
  } catch (error) {
    if (!(error instanceof RestrictionRuleError)) throw error;
    rules.error([...bundle, 'restrictionRule'], sentence`is no rule. ${error.said}`, 'bad-value');
  }
}

function checkFiles(
  files: readonly BundleFile[],
  path: TemplatePath,
  level: number,
  rules: RuleContext,
): void {
  files.forEach((file, index) => {
    const at = [...path, index];
    checkFile(file, at, level, rules);
    if (file.files !== undefined) checkFiles(file.files, [...at, 'files'], level + 1, rules);
  });
}

function checkFile(file: BundleFile, path: TemplatePath, level: number, rules: RuleContext): void {
  const { tag = 'softwarefile' } = file;
  if (level > 0 && tag !== 'softwarefile') {
    rules.error(
      [...path, 'tag'],
      sentence`is ${tag}, which only files at the top of a bundle can be.`,
      'exclusive',
    );
  }
  const given = (...keys: readonly (keyof BundleFile)[]): string[] =>
    keys.filter((key) => file[key] !== undefined && file[key] !== '');
  const [onlyForBoot] = tag === 'bootscript' ? [] : given('bootOrder', 'bootType', 'timeLimit');
  if (onlyForBoot !== undefined) {
    rules.error([...path, onlyForBoot], sentence`is for files with the tag bootscript only.`, 'exclusive');
  }
  const [onlyForFiles] = tag === 'softwarefile' ? [] : given('ownerGroup', 'rights', 'symlink');
  if (onlyForFiles !== undefined) {
    rules.error([...path, onlyForFiles], sentence`is for files with the tag softwarefile only.`, 'exclusive');
  }
  if (tag !== 'softwarefile' && (file.files?.length ?? 0) > 0) {
    rules.error([...path, 'files'], sentence`is for folders with the tag softwarefile only.`, 'exclusive');
  }
  if (tag === 'bootscript' && file.bootType === undefined) {
    const fix = rules.additionAt(path, 'bootType');
    rules.error(
      path,
      sentence`is a bootscript without “bootType”. Add firstboot or everyboot.`,
      'missing-key',
      fix,
    );
  }
  checkTimeLimit(file, path, rules);
  checkValue(file.name, fileNameProblem, [...path, 'name'], rules);
  checkValue(file.params, controlProblem, [...path, 'params'], rules);
  if (file.network === true && file.params === undefined) {
    rules.error(
      [...path, 'network'],
      sentence`is for files with “params”, which are run, only.`,
      'exclusive',
    );
  }
  if (file.install === true && file.extract === true) {
    rules.error(path, sentence`can’t have both “install” and “extract”. Remove one.`, 'exclusive');
  }
  checkOwnerAndRights(file, path, rules);
  checkSum(file.md5sum, 32, [...path, 'md5sum'], rules);
  checkSum(file.sha256sum, 64, [...path, 'sha256sum'], rules);
  checkValue(file.destination, imagePathProblem, [...path, 'destination'], rules);
  checkValue(file.symlink === '' ? undefined : file.symlink, imagePathProblem, [...path, 'symlink'], rules);
}

/** Of any file that is put into the image. */
export function checkOwnerAndRights(
  file: Pick<BundleFile, 'ownerGroup' | 'rights'>,
  path: TemplatePath,
  rules: RuleContext,
): void {
  if (file.rights !== undefined && !/^0?[0-7]{3,4}$/.test(file.rights)) {
    rules.error(
      [...path, 'rights'],
      sentence`“${file.rights}” are no rights. Write them in octal: 755.`,
      'bad-value',
    );
  }
  if (file.ownerGroup !== undefined && !/^[\w.-]+(:[\w.-]+)?$/.test(file.ownerGroup)) {
    rules.error([...path, 'ownerGroup'], sentence`“${file.ownerGroup}” is not like root:root.`, 'bad-value');
  }
}

/** Of a boot script, in seconds. */
export function checkTimeLimit(
  { timeLimit }: Pick<BundleFile, 'timeLimit'>,
  path: TemplatePath,
  rules: RuleContext,
): void {
  if (timeLimit !== 0) return;
  rules.error([...path, 'timeLimit'], sentence`is 0 seconds. Give the script at least one.`, 'bad-value');
}

function checkSum(sum: string | undefined, digits: number, path: TemplatePath, rules: RuleContext): void {
  if (sum === undefined || new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(sum)) return;
  rules.error(path, sentence`must be ${digits} hexadecimal digits.`, 'bad-value');
}

/** Folders are named after a bundle, where a “/” becomes “_”. */
function bundleNameProblem(name: string): Sentence | undefined {
  return nameProblem(name.replaceAll('/', '_'));
}
