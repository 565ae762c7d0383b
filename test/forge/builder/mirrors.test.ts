import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { debianReleases } from '../../../src/appliance/catalog/debianReleases.ts';
import { mirrorProblem } from '../../../src/builder/packages/mirrorProblem.ts';
import { indexFolder, refreshIndex } from '../../../src/builder/packages/packageIndex.ts';
import { mirrorOf } from '../../../src/builder/packages/supplier.ts';
import { mainOnly } from '../../../src/builder/plan/sources.ts';
import { Sandbox, ToolError } from '../../../src/builder/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/builds.ts';
import { startSignedMirror, type SignedMirror } from '../../support/signedMirror.ts';

const [release] = debianReleases;
const day = 24 * 3600_000;
const ago = (days: number): Date => new Date(Date.now() - days * day);

const packages = (version: string): string =>
  [
    'Package: hello',
    `Version: ${version}`,
    'Architecture: amd64',
    'Filename: pool/hello.deb',
    'Size: 1',
    `SHA256: ${'0'.repeat(64)}`,
    '',
    '',
  ].join('\n');

type TemporaryFolder = Awaited<ReturnType<typeof temporaryFolder>>;

/** A mirror as it should be, and a cache of its lists. */
class Place implements AsyncDisposable {
  readonly mirror: SignedMirror;
  readonly log: string[] = [];
  readonly #folder: TemporaryFolder;
  #count = 0;

  private constructor(folder: TemporaryFolder, mirror: SignedMirror) {
    this.#folder = folder;
    this.mirror = mirror;
  }

  static async make(): Promise<Place> {
    const folder = await temporaryFolder();
    const mirror = await startSignedMirror(folder.path);
    await mirror.serve('bookworm', { suite: 'oldstable', codename: 'bookworm', packages: packages('1') });
    await mirror.serve('bookworm-updates', { codename: 'bookworm-updates' });
    await mirror.serve('bookworm-security', { codename: 'bookworm-security', packages: packages('2') });
    return new Place(folder, mirror);
  }

  get index(): string {
    return indexFolder(this.#source);
  }

  /** As a build does it; resolves with the versions of the package that it sees. */
  async read({ force = true, patience = 20 } = {}): Promise<string[]> {
    const apt = join(this.#folder.path, `apt-${this.#count++}`);
    const { signal } = new AbortController();
    const log = (line: string): void => void this.log.push(line);
    await refreshIndex(this.#source, apt, {
      ...{ signal, log, force, patience, keyring: this.mirror.keyring },
      sandbox: new Sandbox(signal, () => undefined),
    });
    const lists = join(apt, 'lists');
    const names = (await readdir(lists)).filter((name) => name.endsWith('_Packages'));
    const texts = await Promise.all(names.sort().map((name) => readFile(join(lists, name), 'utf8')));
    return texts.flatMap((text) => /^Version: (.+)$/m.exec(text)?.[1] ?? []);
  }

  get #source(): Parameters<typeof indexFolder>[0] {
    return {
      release: release!,
      mirror: this.mirror.url,
      ...mainOnly,
      repositories: [],
      cacheDir: join(this.#folder.path, 'cache'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.mirror[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

suite('the lists of a mirror', { timeout: 120_000 }, () => {
  test('are fetched, kept for the next build, and asked for again when that is wanted', async () => {
    await using place = await Place.make();
    const { mirror } = place;
    assert.deepEqual((await place.read()).sort(), ['1', '2']);
    const asked = mirror.asked.length;
    assert.deepEqual((await place.read({ force: false })).sort(), ['1', '2']);
    assert.equal(mirror.asked.length, asked);
    await mirror.serve('bookworm-security', { codename: 'bookworm-security', packages: packages('3') });
    assert.deepEqual((await place.read()).sort(), ['1', '3']);
    assert.deepEqual((await place.read({ force: false })).sort(), ['1', '3']);
    assert.deepEqual(place.log, []);
  });

  test('are refused when the release is served in the place of its security updates', async () => {
    await using place = await Place.make();
    const { mirror } = place;
    for (const name of ['bookworm-security', 'bookworm-updates']) {
      await mirror.serve(name, { suite: 'oldstable', codename: 'bookworm', packages: packages('1') });
      await assert.rejects(place.read(), {
        name: 'BuildError',
        message:
          `The Debian mirror ${mirror.url} serves bookworm where ${name} was asked for: what is in there would be ` +
          'missing, such as security updates. Use another mirror (FORGE_MIRROR).',
      });
      assert.ok(!(await readdir(place.index)).includes('lists'), 'nothing of it is kept');
      await mirror.serve(name, { codename: name });
    }
    assert.deepEqual(await place.read(), ['1']);
  });

  test('are refused when they have expired', async () => {
    await using place = await Place.make();
    const { mirror } = place;
    const old = { codename: 'bookworm-security', date: ago(20), validUntil: ago(10) };
    await mirror.serve('bookworm-security', old);
    await assert.rejects(place.read(), (error: Error) => {
      assert.ok(error instanceof ToolError);
      assert.match(
        mirrorProblem(error.lines.join('\n'), mirrorOf(release!, mirror.url)) ?? '',
        /^The package index of http:\S+ has expired: who uses it gets no updates\. Use another mirror/,
      );
      return true;
    });
  });

  test('are refused when they are older than what the mirror has had before, and what was kept stays', async () => {
    await using place = await Place.make();
    const { mirror } = place;
    assert.deepEqual((await place.read()).sort(), ['1', '2']);
    const older = { codename: 'bookworm-security', date: ago(30), packages: packages('0') };
    await mirror.serve('bookworm-security', older);
    // apt keeps what it has: that is newer.
    assert.deepEqual((await place.read()).sort(), ['1', '2']);
    await rm(join(place.index, 'lists'), { recursive: true });
    await assert.rejects(place.read(), (error: Error) => {
      assert.match(
        error.message,
        /^The Debian mirror \S+ serves bookworm-security of .+ UTC, and has had that of .+ UTC: an older index hides/,
      );
      return true;
    });
    assert.ok(!(await readdir(place.index)).includes('lists'));
  });

  test('are fetched anew when those in the cache are damaged', async () => {
    await using place = await Place.make();
    await place.read();
    const lists = join(place.index, 'lists');
    const name = (await readdir(lists)).find((each) => /-security_.*_Packages$/.test(each));
    await appendFile(join(lists, name ?? ''), packages('9'));
    assert.deepEqual((await place.read({ force: false })).sort(), ['1', '2']);
    assert.match(
      place.log.join('\n'),
      /^The package index in the cache is damaged \(\S+_Packages is not as it was written\): it is fetched anew\.$/,
    );
  });

  test('are not waited for when the mirror accepts and says nothing', async () => {
    await using place = await Place.make();
    place.mirror.hang();
    await assert.rejects(place.read({ patience: 2 }), {
      name: 'BuildError',
      message:
        `The Debian mirror ${place.mirror.url} doesn't deliver: it has sent next to nothing for 2 s. ` +
        'Try again later, or use another mirror (FORGE_MIRROR).',
    });
  });
});
