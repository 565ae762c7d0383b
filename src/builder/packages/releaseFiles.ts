import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptNumbers } from '../cache/keptNumbers.ts';
import type { Source } from '../plan/sources.ts';
import { laterOrInstead, type Supplier } from './supplier.ts';
import { BuildError } from '../model.ts';
import { writeWhole } from '../../uforge/writeWhole.ts';

/** What a suite's signed file says of itself. */
export interface ReleaseFile {
  /** `stable-security`, which is another one every two years. */
  readonly suite: string | undefined;
  /** `bookworm-security` */
  readonly codename: string | undefined;
  /** When it was signed; ms since 1970. */
  readonly date: number;
}

/** @throws {BuildError} when it has no date */
function parseRelease(text: string, suite: string): ReleaseFile {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1];
  const date = Date.parse(field('Date') ?? '');
  if (Number.isNaN(date)) throw new BuildError(`The package index of ${suite} has no date.`);
  return { suite: field('Suite'), codename: field('Codename'), date };
}

/** Of a suite, as apt has fetched it into the folder `lists`. @throws {BuildError} when there is none */
export async function releaseFileOf(lists: string, { url, suite }: Source): Promise<ReleaseFile> {
  const names = await readdir(lists);
  const folder = isFlat(suite) ? suite.replace(/^\/$/, '') : `dists/${suite}/`;
  const name = ['InRelease', 'Release']
    .map((kind) => listName(`${url}/${folder}${kind}`))
    .find((each) => names.includes(each));
  if (name === undefined) throw new BuildError(`${url} has no package index of ${suite}.`);
  return parseRelease(await readFile(join(lists, name), 'utf8'), suite);
}

/** How apt calls the file of an address in its lists (URItoFileName). */
function listName(address: string): string {
  const { host, pathname } = new URL(address);
  return `${host}${pathname}`
    .replace(/[\\|{}[\]<>"^_=!@#$&*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
    .replaceAll('/', '_');
}

/** Has no suites that could be taken for one another. */
function isFlat(suite: string): boolean {
  return suite.endsWith('/');
}

export interface FetchedLists {
  readonly sources: readonly Source[];
  readonly supplier: Supplier;
  readonly lists: string;
  /** Remembers the newest date of each suite that this mirror ever had. */
  readonly newest: string;
}

/**
 * What apt does not refuse: a good signature is on each suite and on every state of it that ever was. So a mirror could
 * serve the release in the place of its security updates, or all of it as it was a year ago.
 * @throws {BuildError}
 */
export async function assertNothingIsHidden({
  sources,
  supplier,
  lists,
  newest,
}: FetchedLists): Promise<void> {
  const seen = await keptNumbers(newest);
  const { called, instead } = supplier;
  for (const source of sources) {
    const { suite } = source;
    const found = await releaseFileOf(lists, source);
    if (!isFlat(suite) && found.codename !== suite && found.suite !== suite) {
      throw new BuildError(
        `${called} serves ${found.codename ?? found.suite ?? 'something else'} where ${suite} was ` +
          `asked for: what is in there would be missing, such as security updates. ${instead}`,
      );
    }
    const before = seen.get(suite);
    if (before !== undefined && found.date < before) {
      throw new BuildError(
        `${called} serves ${suite} of ${minute(found.date)}, and has had that of ` +
          `${minute(before)}: an older index hides updates. ${laterOrInstead(supplier)}`,
      );
    }
    seen.set(suite, found.date);
  }
  await writeWhole(newest, JSON.stringify(Object.fromEntries(seen)));
}

function minute(date: number): string {
  return `${new Date(date).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
