import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import { besidesMain, mainOnly } from '../plan/sources.ts';
import { mirrorProblem } from './mirrorProblem.ts';
import { mirrorOf, type Supplier } from './supplier.ts';
import { BuildError } from '../model.ts';
import { Sandbox, ToolError } from '../sandbox/sandbox.ts';
import { wipe } from '../sandbox/wipe.ts';
import { indexFolder, refreshIndex, type IndexSource } from './packageIndex.ts';
import { compareVersions } from './versions.ts';
import { messageOf } from '../../uforge/messageOf.ts';

/** A package of the mirror. */
export interface CataloguePackage {
  /** The same as long as name, version and architecture are. */
  readonly id: number;
  readonly name: string;
  /** As Debian writes it. */
  readonly version: string;
  readonly arch: string;
  /** Of the file, in bytes. */
  readonly size: number;
  /** Names it stands for besides its own. */
  readonly provides: readonly string[];
  /** Suite and component: `bookworm/main`, `bookworm-backports/contrib`. */
  readonly repository: string;
  /** When its suite was last published: Debian's lists have no date of a package's own. */
  readonly listed: Date;
}

/** How long an index is taken to be as it was: somebody who searches asks many times in a minute. */
const lookAfterMs = 60_000;

/** As apt calls a list: with the address of its suite, the suite and the component. */
const listName = /^(.*_dists_([^_]+))_([^_]+)_binary-[^_]+_Packages$/;

const none: readonly never[] = [];

/** What apt may be asked for. */
export interface ListedNames {
  readonly real: ReadonlySet<string>;
  /** Which packages stand for a name, by that: it may be a real one's, too. */
  readonly providers: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Read {
  readonly stamp: number;
  readonly names: ListedNames;
  readonly packages: readonly CataloguePackage[];
}

/**
 * The packages of the mirror, as its index says, those that a template has to ask for (other components, backports), too:
 * fetched when there is none or it is old, read when it has changed.
 */
export class Catalogue {
  readonly #cacheDir: string;
  readonly #refreshing = new Map<string, Promise<void>>();
  readonly #read = new Map<string, Promise<Read>>();
  readonly #latest = new WeakMap<readonly CataloguePackage[], readonly CataloguePackage[]>();
  /** By the packages of `main`: the same list as long as nothing has changed. */
  readonly #joined = new WeakMap<object, { further: object; all: readonly CataloguePackage[] }>();
  /** When each index was last looked after, ms since the process began. */
  readonly #lookedAfter = new Map<string, number>();

  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir;
  }

  /** In the order of the index. An old one serves while the mirror can't be reached. @throws {BuildError} when there is none */
  async packages(release: DebianRelease, mirror: string): Promise<readonly CataloguePackage[]> {
    const source = { release, mirror, repositories: [], cacheDir: this.#cacheDir };
    const [main, further] = await Promise.all([
      this.#packagesOf({ ...source, ...mainOnly }),
      // A mirror need not have them.
      this.#packagesOf({ ...source, ...besidesMain(release) }, { isNeeded: false }).catch(() => none),
    ]);
    const joined = this.#joined.get(main);
    if (joined?.further === further) return joined.all;
    const all = [...main, ...further];
    this.#joined.set(main, { further, all });
    return all;
  }

  async #packagesOf(
    source: IndexSource,
    { isNeeded } = { isNeeded: true },
  ): Promise<readonly CataloguePackage[]> {
    const { release, mirror } = source;
    const folder = indexFolder(source);
    let failure: unknown;
    if (performance.now() > (this.#lookedAfter.get(folder) ?? -Infinity) + lookAfterMs) {
      await this.#refresh(source, folder).catch((error: unknown) => (failure = error));
      if (failure === undefined || !isNeeded) this.#lookedAfter.set(folder, performance.now());
    }
    const read = await this.#lists(folder);
    if (read === undefined) throw asIndexError(failure, mirrorOf(release, mirror));
    return read.packages;
  }

  /** What a package may be called, as of the last look at the mirror, which is not asked; undefined without one. */
  async names(release: DebianRelease, mirror: string): Promise<ListedNames | undefined> {
    const source: IndexSource = { release, mirror, ...mainOnly, repositories: [], cacheDir: this.#cacheDir };
    return (await this.#lists(indexFolder(source)))?.names;
  }

  async #lists(folder: string): Promise<Read | undefined> {
    const refreshed = await stat(join(folder, 'refreshed')).catch(() => undefined);
    if (refreshed === undefined) return undefined;
    const known = await this.#read.get(folder)?.catch(() => undefined);
    if (known?.stamp === refreshed.mtimeMs) return known;
    const reading = readLists(join(folder, 'lists'), refreshed.mtimeMs);
    this.#read.set(folder, reading);
    return reading;
  }

  /** Of a list it gave, only the newest version of each name, of backports only where nothing else has it; worked out once. */
  latest(packages: readonly CataloguePackage[]): readonly CataloguePackage[] {
    const latest = this.#latest.get(packages) ?? newestOf(packages);
    this.#latest.set(packages, latest);
    return latest;
  }

  /** All who ask at the same time wait for the same refresh. */
  #refresh(source: IndexSource, folder: string): Promise<void> {
    const running =
      this.#refreshing.get(folder) ?? refresh(source).finally(() => this.#refreshing.delete(folder));
    this.#refreshing.set(folder, running);
    return running;
  }
}

/** With an apt folder of its own: builds have theirs. */
async function refresh(source: IndexSource): Promise<void> {
  const aptFolder = await mkdtemp(join(tmpdir(), 'forge-index-'));
  try {
    const { signal } = new AbortController();
    const log = (): void => undefined;
    await refreshIndex(source, aptFolder, { sandbox: new Sandbox(signal, log), signal, log });
  } finally {
    await wipe(aptFolder);
  }
}

function asIndexError(failure: unknown, mirror: Supplier): BuildError {
  const lines = failure instanceof ToolError ? failure.lines : [];
  const raw = messageOf(failure);
  const detail = [...lines, raw].join('\n');
  return new BuildError(mirrorProblem(detail, mirror) ?? raw, detail, { cause: failure });
}

function newestOf(packages: readonly CataloguePackage[]): readonly CataloguePackage[] {
  const newest = new Map<string, CataloguePackage>();
  for (const each of packages) {
    const known = newest.get(each.name);
    if (known === undefined || isBefore(known, each)) newest.set(each.name, each);
  }
  return [...newest.values()];
}

/** apt takes nothing out of the backports by itself. */
function isBefore(a: CataloguePackage, b: CataloguePackage): boolean {
  const [isBackport, other] = [a, b].map(({ repository }) => repository.includes('-backports/'));
  return isBackport === other ? compareVersions(b.version, a.version) > 0 : isBackport === true;
}

async function readLists(folder: string, stamp: number): Promise<Read> {
  const real = new Set<string>();
  const providers = new Map<string, Set<string>>();
  const packages = new Map<number, CataloguePackage>();
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('_Packages')).sort()) {
    const [, archive = '', suite = '', component = ''] = listName.exec(name) ?? [];
    const listed = await dateOf(join(folder, `${archive}_InRelease`));
    const repository = `${suite}/${component}`;
    let fields: Record<string, string> = {};
    const keep = (): void => {
      const { Package: pkg, Version: version, Architecture: arch, Size: size, Provides: provided } = fields;
      fields = {};
      if (pkg === undefined || version === undefined || arch === undefined) return;
      real.add(pkg);
      const provides = provided?.split(',').map((each) => each.trim().split(/[ :(]/)[0] ?? '') ?? none;
      for (const each of provides) providers.set(each, (providers.get(each) ?? new Set()).add(pkg));
      const id = idOf(`${pkg} ${version} ${arch}`);
      const file = { size: Number(size ?? 0), repository, listed };
      packages.set(id, { id, name: pkg, version, arch, ...file, provides });
    };
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      if (line === '') keep();
      const found = /^(Package|Version|Architecture|Size|Provides): (.*)$/.exec(line);
      if (found !== null) fields[found[1] ?? ''] = found[2] ?? '';
    }
    keep();
  }
  return { stamp, names: { real, providers }, packages: [...packages.values()] };
}

async function dateOf(release: string): Promise<Date> {
  const date = /^Date: (.*)$/m.exec(await readFile(release, 'utf8').catch(() => ''))?.[1];
  return new Date(date ?? 0);
}

/** 48 bits of a hash: a whole number in every language, and the same in every index. */
function idOf(text: string): number {
  return parseInt(createHash('sha256').update(text).digest('hex').slice(0, 12), 16);
}
