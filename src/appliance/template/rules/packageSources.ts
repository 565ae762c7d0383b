import type { DebconfAnswer, Os, Repository } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { controlProblem, shortened } from './paths.ts';
import { duplicates, type RuleContext } from './ruleContext.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

/** Rules of packages and where they come from. */
export function checkPackageSources(os: Os, path: TemplatePath, rules: RuleContext): void {
  os.pkgs?.forEach((pkg, index) => {
    const at = [...path, 'pkgs', index];
    if (pkg.name === undefined && pkg.fullName === undefined) {
      const fix = rules.additionAt(at, 'name');
      rules.error(at, sentence`has neither “name” nor “fullName”. Add one.`, 'missing-key', fix);
    }
    if (pkg.release !== undefined && pkg.version === undefined) {
      rules.error([...at, 'release'], sentence`is given without “version”.`, 'missing-key');
    }
    if (pkg.backports === true && os.backports !== true) {
      const fix = rules.additionAt(path, 'backports');
      const says = sentence`needs the backports: add “backports: true” to stack.os.`;
      rules.error([...at, 'backports'], says, 'missing-key', fix);
    }
    if (pkg.backports === true && pkg.version !== undefined) {
      rules.error([...at, 'backports'], sentence`and “version”: give one of the two.`, 'bad-value');
    }
  });
  const repositories = os.repositories ?? [];
  repositories.forEach((each, index) => checkRepository(each, [...path, 'repositories', index], rules));
  duplicates(
    repositories,
    ({ name }) => name.toLowerCase(),
    (index) =>
      rules.error(
        [...path, 'repositories', index, 'name'],
        sentence`is used twice. Rename one of the two.`,
        'duplicate',
      ),
  );
  // apt tells archives by the names of their servers.
  const hostOf = ({ url }: Repository): string => (URL.canParse(url) ? new URL(url).hostname : '');
  repositories.forEach((each, index) => {
    const other = repositories.find((one) => hostOf(one) === hostOf(each));
    if (other === undefined || other.priority === each.priority) return;
    const says = sentence`differs from that of “${other.name}”, which is on the same server.`;
    rules.error([...path, 'repositories', index, 'priority'], says, 'bad-value');
  });
  os.debconf?.forEach((answer, index) => checkAnswer(answer, [...path, 'debconf', index], rules));
}

/** apt takes it in one line, where a blank begins the next word and a bracket an option. */
function checkRepository(repository: Repository, path: TemplatePath, rules: RuleContext): void {
  const { name, suite, components = [], key, priority } = repository;
  const wrong = (field: string, says: Sentence): void => rules.error([...path, field], says, 'bad-value');
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/i.test(name))
    wrong('name', sentence`“${shortened(name)}” must be letters, digits and hyphens.`);
  const problem = addressProblem(repository.url);
  if (problem !== undefined) wrong('url', problem);
  if (!/^(\/|([\w.+~-]+\/)*[\w.+~-]+\/?)$/.test(suite) || suite.split('/').includes('..'))
    wrong('suite', sentence`“${shortened(suite)}” is no suite, such as bookworm, and no “/”.`);
  components.forEach((component, index) => {
    if (/^([\w.+~-]+\/)*[\w.+~-]+$/.test(component) && !component.split('/').includes('..')) return;
    const says = sentence`“${shortened(component)}” is no component, such as main.`;
    rules.error([...path, 'components', index], says, 'bad-value');
  });
  if (suite.endsWith('/') && components.length > 0)
    wrong('components', sentence`are not for the suite “${shortened(suite)}”, which has none.`);
  const armour = /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n[^]*\r?\n-----END PGP PUBLIC KEY BLOCK-----$/;
  if (!armour.test(key.trim())) {
    const says = sentence`must be a public key in ASCII armour, from “-----BEGIN PGP PUBLIC KEY BLOCK-----” on: gpg --armor --export makes it.`;
    wrong('key', says);
  }
  if (priority !== undefined && (priority < 1 || priority > 1000))
    wrong('priority', sentence`${priority} must be between 1 and 1000.`);
}

function addressProblem(text: string): Sentence | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url !== undefined && ['http:', 'https:'].includes(url.protocol);
  if (url?.username !== '' || url.password !== '') {
    if (isWeb)
      return sentence`has a login in it, which everybody who has the template can read: take it out, and name a file with it in FORGE_REPOSITORY_AUTH.`;
  }
  if (!isWeb || !/^https?:\/\/[\w.:[\]-]+(\/[\w.:+~@%-]*)*$/i.test(text))
    return sentence`“${shortened(text)}” is no address of an apt archive, such as https://packages.example.com/debian.`;
  return undefined;
}

/** A line of debconf-set-selections(1). */
function checkAnswer(answer: DebconfAnswer, path: TemplatePath, rules: RuleContext): void {
  if (!/^[a-z0-9][a-z0-9+.-]*$/.test(answer.package)) {
    const says = sentence`“${shortened(answer.package)}” is not the name of a package.`;
    rules.error([...path, 'package'], says, 'bad-value');
  }
  if (!/^[\w.+/-]+$/.test(answer.question)) {
    const says = sentence`“${shortened(answer.question)}” is no question of debconf, such as man-db/auto-update.`;
    rules.error([...path, 'question'], says, 'bad-value');
  }
  const problem = controlProblem(answer.value);
  if (problem !== undefined) rules.error([...path, 'value'], sentence`${problem}.`, 'bad-value');
}
