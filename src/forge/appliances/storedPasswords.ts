import { isDeepStrictEqual } from 'node:util';
import {
  isMap,
  isNode,
  isSeq,
  parse,
  parseDocument,
  stringify,
  visit,
  type Document,
  type YAMLMap,
} from 'yaml';
import { isMap as isMapNode } from '../../appliance/yaml/dataTree.ts';
import type { Range, TextEdit } from '../../appliance/text/problem.ts';
import { parseTemplate } from '../../appliance/template/parseTemplate.ts';
import { insertKeyEdits } from '../../appliance/template/model/insertKey.ts';
import { applyEdits } from '../../appliance/text/edits.ts';
import { TextPlaces } from '../../appliance/text/places.ts';
import { convertedNode } from '../../appliance/yaml/tree.ts';
import type { Image } from '../../uforge/dto.ts';
import { hashPasswords, type PlainPassword } from '../../builder/index.ts';

/**
 * The forge keeps no password it could read: as a template or a request comes in, passwords in it become
 * hashes (`encrypted`). @param whose what the salts come from: the appliance's name and version
 */
export async function sealRequest(image: Image, ...whose: readonly string[]): Promise<Image> {
  const { installProfile: profile } = image;
  if (profile === undefined) return image;
  const { rootUser, users } = profile;
  const plain = [rootUser, ...(users ?? [])].flatMap((user) =>
    user?.password === undefined || user.password === '' || user.encrypted === true ? [] : [user],
  );
  const hashes = await hashPasswords(
    plain.map((user) => ({
      password: user.password ?? '',
      whose: [...whose, user === rootUser ? 'root' : (user.name ?? '')],
    })),
  );
  const hashOf = new Map(plain.map((user, index) => [user, hashes[index]]));
  const seal = <U extends NonNullable<typeof rootUser>>(user: U): U => {
    const hash = hashOf.get(user);
    return hash === undefined ? user : { ...user, password: hash, encrypted: true };
  };
  return {
    ...image,
    installProfile: {
      ...profile,
      ...(rootUser && { rootUser: seal(rootUser) }),
      ...(users && { users: users.map(seal) }),
    },
  };
}

/** A template with hashes for passwords. */
export interface SealedText {
  readonly text: string;
  /** Lines that are new in it, counted from 0; undefined when it was written anew. */
  readonly addedLines: readonly number[] | undefined;
}

/**
 * The text of a template with hashes for passwords, all else as it was; the same text when it has none. Cloud
 * accounts, which are secrets and nothing to the forge, go.
 */
export async function sealedText(
  text: string,
  isJson: boolean,
  whose: readonly string[],
): Promise<SealedText> {
  const document = parseDocument(text, { version: '1.2', uniqueKeys });
  const hasAliases = isAliased(document);
  const plain = hasAliases ? withoutAliases(document, text) : document;
  const found = accountsOf(plain).flatMap((account) => secretOf(account, whose));
  const hashes = await hashPasswords(found);
  const secrets = found.map(({ account }, index): Secret => ({ account, hash: hashes[index] ?? '!' }));
  const hasAccounts = plain.delete('accounts');
  if (secrets.length === 0 && !hasAccounts) return { text, addedLines: [] };
  const inPlace = hasAliases || hasAccounts ? undefined : sealedInPlace(text, plain, secrets);
  for (const { account, hash } of secrets) {
    account.set('password', hash);
    account.set('encrypted', true);
  }
  const sealed: unknown = plain.toJS({ maxAliasCount });
  if (inPlace !== undefined && isDeepStrictEqual(parse(inPlace.text, { uniqueKeys }), sealed)) return inPlace;
  return { text: isJson ? JSON.stringify(sealed, null, 2) : plain.toString(), addedLines: undefined };
}

interface Secret {
  readonly account: YAMLMap;
  readonly hash: string;
}

function secretOf(
  account: YAMLMap,
  whose: readonly string[],
): readonly (PlainPassword & { readonly account: YAMLMap })[] {
  const password: unknown = account.get('password');
  if (password === undefined || password === null || account.get('encrypted') === true) return [];
  const name: unknown = account.get('name');
  const user = typeof name === 'string' ? name : 'root';
  return [{ account, password: scalarText(account, password), whose: [...whose, user] }];
}

/** Only the passwords are replaced; undefined where one is more than a word or a line. */
function sealedInPlace(text: string, document: Document, secrets: readonly Secret[]): SealedText | undefined {
  const places = new TextPlaces(text);
  const rangeOf = (from: number, to: number): Range => places.range(from, to);
  const edits: TextEdit[] = [];
  for (const { account, hash } of secrets) {
    const range = rangeOfValue(account, 'password');
    const encrypted = rangeOfValue(account, 'encrypted');
    if (range === undefined || text.slice(...range).includes('\n')) return undefined;
    edits.push({ range: rangeOf(...range), newText: JSON.stringify(hash) });
    const map = convertedNode(text, document, account);
    if (!isMapNode(map)) return undefined;
    const mark =
      encrypted === undefined
        ? insertKeyEdits({ text, rangeOf }, map, ['password', 'encrypted'], 'encrypted', true)
        : [{ range: rangeOf(...encrypted), newText: 'true' }];
    if (mark === undefined) return undefined;
    edits.push(...mark);
  }
  const added = edits
    .filter(({ newText }) => newText.includes('\n'))
    // What begins with the key stands before the next line, all else behind its own.
    .map(({ range, newText }) => range.start.line + (/^"?encrypted/.test(newText) ? 0 : 1))
    .toSorted((a, b) => a - b)
    .map((line, index) => line + index);
  return { text: applyEdits(text, edits), addedLines: added };
}

function rangeOfValue(map: YAMLMap, key: string): [number, number] | undefined {
  const node = map.get(key, true);
  return isNode(node) && node.range ? [node.range[0], node.range[1]] : undefined;
}

/** Seen to when the template was read, and not again here: the library compares each key with all before it. */
const uniqueKeys = false;

/** As many as no real template has: what is nested beyond it was refused before. */
const maxAliasCount = 1000;

function isAliased(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/**
 * Copies what aliases stand for to where it is meant. What the language does not know goes: it may be where a
 * password was written that an account has an alias of.
 */
function withoutAliases(document: Document, text: string): Document {
  const known = parseTemplate(text, 'yaml').template ?? (document.toJS({ maxAliasCount }) as unknown);
  return parseDocument(stringify(known, { aliasDuplicateObjects: false }), { uniqueKeys });
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
