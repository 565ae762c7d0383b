import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument, stringify, type Document, type YAMLMap } from 'yaml';
import { templateNames } from '../appliance/definitions.ts';
import type { Image } from '../uforge/dto.ts';
import { hashPassword } from './build/plan/passwords.ts';

/**
 * The forge keeps no password it could read: as a template or a request comes in, passwords in it become hashes
 * (`encrypted`). @param whose what the salts come from: the appliance's name and version
 */
export function sealRequest(image: Image, ...whose: readonly string[]): Image {
  const { installProfile: profile } = image;
  if (profile === undefined) return image;
  const { rootUser, users } = profile;
  const seal = <U extends NonNullable<typeof rootUser>>(user: U, name: string): U => {
    if (user.password === undefined || user.password === '' || user.encrypted === true) return user;
    return { ...user, password: hashPassword(user.password, ...whose, name), encrypted: true };
  };
  return {
    ...image,
    installProfile: {
      ...profile,
      ...(rootUser && { rootUser: seal(rootUser, 'root') }),
      ...(users && { users: users.map((user) => seal(user, user.name ?? '')) }),
    },
  };
}

/** Replaces the passwords in the template of an unpacked archive, which has been read and checked before. */
export function sealTemplate(folder: string, ...whose: readonly string[]): void {
  for (const name of templateNames) {
    const file = join(folder, name);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      continue;
    }
    const sealed = sealedText(text, name.endsWith('.json'), whose);
    if (sealed !== text) writeFileSync(file, sealed);
    return;
  }
}

/** The text of a template with hashes for passwords; the same text when it has none. */
export function sealedText(text: string, isJson: boolean, whose: readonly string[]): string {
  const document = parseDocument(text, { version: '1.2' });
  // Where accounts are aliases of something elsewhere, that is copied to where it is meant.
  const plain = /(^|[\s[{,:-])\*\w/.test(text) ? resolved(document) : document;
  let found = false;
  for (const account of accountsOf(plain)) {
    const password: unknown = account.get('password');
    if (password === undefined || password === null || account.get('encrypted') === true) continue;
    const name: unknown = account.get('name');
    const user = typeof name === 'string' ? name : 'root';
    account.set('password', hashPassword(scalarText(account, password), ...whose, user));
    account.set('encrypted', true);
    found = true;
  }
  if (!found) return text;
  return isJson ? JSON.stringify(plain.toJS(), null, 2) : plain.toString();
}

function resolved(document: Document): Document {
  return parseDocument(stringify(document.toJS({ maxAliasCount: 1000 }), { aliasDuplicateObjects: false }));
}

/** A password that looks like a number is the text of the file. */
function scalarText(account: YAMLMap, value: unknown): string {
  const node = account.get('password', true) as { readonly source?: unknown } | undefined;
  return typeof value === 'string' ? value : String(node?.source ?? value);
}

function accountsOf(document: Document): YAMLMap[] {
  const installation = ['stack', 'installation'];
  const root = document.getIn([...installation, 'rootUser']);
  const users = document.getIn([...installation, 'users']);
  return [root, ...(isSeq(users) ? users.items : [])].filter((node) => isMap(node));
}
