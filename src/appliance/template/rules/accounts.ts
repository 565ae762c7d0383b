import { controlProblem, imagePathProblem, shortened } from './paths.ts';
import { isTooLongPassword, longestPassword } from '../../catalog/passwordLimit.ts';
import { duplicates, type RuleContext } from './ruleContext.ts';
import type { Installation, RootUser, User } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { replacement } from '../../text/suggest.ts';
import { sentence } from '../../../uforge/language/sentence.ts';

/** What Debian's adduser and RHEL's useradd both take. */
const accountName = /^[a-z_][a-z0-9_.-]{0,30}\$?$/i;
/** A hash as crypt(3) makes it: an identifier, perhaps parameters, salt and digest. */
const cryptHash = /^\$[0-9a-z]{1,4}\$[!-9;-~]+$/;
/** Far more than an appliance has; the hash of each one's password takes 20 ms. */
const mostUsers = 500;
/** Where Debian, RHEL and Ubuntu have the shells that people name without their folder. */
const shells: Readonly<Record<string, string>> = {
  bash: '/bin/bash',
  sh: '/bin/sh',
  dash: '/bin/dash',
  zsh: '/usr/bin/zsh',
  fish: '/usr/bin/fish',
  ksh: '/usr/bin/ksh',
  tcsh: '/usr/bin/tcsh',
  nologin: '/usr/sbin/nologin',
  false: '/bin/false',
};
const shell = /^\/[\w./+-]+$/;

/** Rules of root, users and groups. Source: hammr 3.8.13, templates-spec (stack-installation-users, -groups, -rootuser). */
export function checkAccounts(installation: Installation, path: TemplatePath, rules: RuleContext): void {
  const { rootUser, users = [], groups = [] } = installation;
  if (rootUser !== undefined) checkRoot(rootUser, [...path, 'rootUser'], rules);
  for (const [list, key, id] of [
    [users, 'users', 'userId'],
    [groups, 'groups', 'groupId'],
  ] as const) {
    duplicates<{ readonly name: string }>(
      list,
      ({ name }) => name,
      (index, name) =>
        rules.error([...path, key, index, 'name'], sentence`“${name}” is used twice.`, 'duplicate'),
    );
    duplicates<Readonly<Partial<Record<'userId' | 'groupId', number>>>>(
      list,
      (each) => each[id]?.toString(),
      (index, number) =>
        rules.error([...path, key, index, id], sentence`${number} is used twice.`, 'duplicate'),
    );
  }
  if (users.length > mostUsers) {
    rules.error([...path, 'users'], sentence`are ${users.length}: ${mostUsers} at most.`, 'too-large');
    return;
  }
  users.forEach((user, index) => checkUser(user, [...path, 'users', index], rules));
  groups.forEach((group, index) => {
    const at = [...path, 'groups', index];
    checkName(group.name, [...at, 'name'], rules);
    checkId(group.groupId, group.systemGroup === true, [...at, 'groupId'], rules);
  });
}

function checkRoot(root: RootUser, path: TemplatePath, rules: RuleContext): void {
  if (root.setPassword === true && root.password === undefined) {
    const fix = rules.additionAt(path, 'password');
    rules.error(path, sentence`has setPassword: true, but no “password”. Add one.`, 'missing-key', fix);
  }
  if (root.setPassword === false && (root.password ?? '') !== '') {
    rules.warn(
      [...path, 'password'],
      sentence`is not used: setPassword is false, so it is asked for.`,
      'ignored',
    );
  }
  checkPassword(root, path, rules);
  checkKeys(root, path, rules);
}

function checkUser(user: User, path: TemplatePath, rules: RuleContext): void {
  checkName(user.name, [...path, 'name'], rules);
  if (user.name === 'root') {
    rules.error([...path, 'name'], sentence`is root, who has a place of its own: “rootUser”.`, 'bad-value');
  }
  if (user.primaryGroup !== undefined) checkName(user.primaryGroup, [...path, 'primaryGroup'], rules);
  for (const group of secondaryGroupsOf(user)) checkName(group, [...path, 'secondaryGroups'], rules);
  for (const key of ['homeDir', 'shell'] as const) {
    const value = user[key];
    if (value === undefined || (shell.test(value) && imagePathProblem(value) === undefined)) continue;
    const says = sentence`“${shortened(value)}” must be an absolute path.`;
    const known = key === 'shell' && Object.hasOwn(shells, value) ? shells[value] : undefined;
    const fix = known === undefined ? undefined : replacement(rules.rangeAt([...path, key]), known);
    rules.error([...path, key], says, 'bad-value', fix);
  }
  if (
    user.fullName !== undefined &&
    (user.fullName.includes(':') || controlProblem(user.fullName) !== undefined)
  ) {
    rules.error([...path, 'fullName'], sentence`can’t have a colon or a control character.`, 'bad-value');
  }
  checkId(user.userId, user.systemUser === true, [...path, 'userId'], rules);
  checkPassword(user, path, rules);
  checkKeys(user, path, rules);
}

/** `secondaryGroups` as a list. */
export function secondaryGroupsOf({ secondaryGroups = '' }: Pick<User, 'secondaryGroups'>): string[] {
  return secondaryGroups
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function checkName(name: string, path: TemplatePath, rules: RuleContext): void {
  if (accountName.test(name)) return;
  const says = sentence`“${name}” is no name of an account: letters, digits, “-”, “_” and “.”, 31 at most, a letter first.`;
  rules.error(path, says, 'bad-value');
}

/** “This number must be greater than 1000”, of the system “greater than 201”: distributions differ, so a warning. */
function checkId(id: number | undefined, isSystem: boolean, path: TemplatePath, rules: RuleContext): void {
  if (id === undefined) return;
  if (id === 0 || id > 60_000) rules.error(path, sentence`is ${id}: between 1 and 60000.`, 'bad-value');
  else if (isSystem ? id < 201 : id < 1000) {
    const says = sentence`is ${id}: ${isSystem ? sentence`201 or more for the system’s` : sentence`1000 or more for a person’s`}.`;
    rules.warn(path, says, 'bad-value');
  }
}

function checkPassword(
  account: Pick<RootUser, 'password' | 'encrypted' | 'disablePasswordLogin' | 'setPassword'>,
  path: TemplatePath,
  rules: RuleContext,
): void {
  const { password, encrypted } = account;
  if (password === undefined) return;
  if (password === '') {
    // Where no password is asked for, an empty one says just that.
    if (account.disablePasswordLogin === true || account.setPassword === false) return;
    const says = sentence`is empty, which is no password. Give one, remove the key, or set “disablePasswordLogin” to true.`;
    rules.error([...path, 'password'], says, 'empty');
  } else if (isTooLongPassword(password)) {
    const says = sentence`is longer than ${longestPassword} bytes, and nobody could log in with it. Choose a shorter one.`;
    rules.error([...path, 'password'], says, 'too-large');
  } else if (/[\r\n\0]/.test(password)) {
    rules.error([...path, 'password'], sentence`contains a line break.`, 'bad-value');
  } else if (encrypted === true && !cryptHash.test(password)) {
    const says = sentence`is no crypt(3) hash, which “encrypted” promises. Make one with: openssl passwd -6`;
    rules.error([...path, 'password'], says, 'bad-value');
  }
}

function checkKeys(
  account: { readonly sshKeys?: readonly { readonly publicKey: string }[] },
  path: TemplatePath,
  rules: RuleContext,
): void {
  account.sshKeys?.forEach(({ publicKey }, index) => {
    const at = [...path, 'sshKeys', index, 'publicKey'];
    if (publicKey.includes('PRIVATE KEY')) {
      rules.error(at, sentence`is a private key. Give the public one, and make a new pair.`, 'bad-value');
    } else if (/[\r\n]./.test(publicKey.trim())) {
      rules.error(at, sentence`has a line break: one key each.`, 'bad-value');
    } else if (!/(^|\s)(ssh-\w+|ecdsa-[\w-]+|sk-[\w@.-]+) +\S+/.test(publicKey)) {
      rules.warn(at, sentence`does not look like a public SSH key.`, 'bad-value');
    }
  });
}
