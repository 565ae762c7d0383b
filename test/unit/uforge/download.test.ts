import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import {
  downloadImage,
  type Downloaded,
  type DownloadOptions,
} from '../../../src/uforge/download/download.ts';
import type { Image } from '../../../src/uforge/dto.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { answer, connect, listen, type Loopback } from './support.ts';

const file = randomBytes(3_000_000);
const sha256 = createHash('sha256').update(file).digest('hex');
const md5 = createHash('md5').update(file).digest('hex');
const name = 'web_1.0rev1.ova';

interface Behaviour {
  /** What the ticket says besides being complete. */
  readonly ticket?: Image;
  /** Bytes after which the nth download breaks. */
  readonly breaks?: readonly number[];
  readonly content?: Buffer;
  readonly ranges?: boolean;
  /** The nth key does not work. */
  readonly spentKey?: number;
}

/** A UForge that gives a new key with each ticket, takes each once, and knows ranges. */
async function serve(
  behaviour: Behaviour = {},
): Promise<Loopback & { readonly ranges: (string | undefined)[] }> {
  const { content = file, breaks = [] } = behaviour;
  const ranges: (string | undefined)[] = [];
  const keys = new Set<string>();
  let issued = 0;
  const server = await listen(({ url, headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://server');
    if (pathname.endsWith('/images/2')) {
      const key = `key${++issued}`;
      if (issued !== behaviour.spentKey) keys.add(key);
      const downloadUri = `users/guest/appliances/1/images/2/downloads/${name}?downloadId=${key}`;
      const ticket = {
        dbId: 2,
        status: { complete: true },
        compress: true,
        fileSize: content.length,
        sha256sum: sha256,
      };
      answer(response, 'image', { ...ticket, downloadKey: key, downloadUri, ...behaviour.ticket });
      return;
    }
    assert.equal(pathname, `/api/users/guest/appliances/1/images/2/downloads/${name}`);
    if (!keys.delete(searchParams.get('downloadId') ?? '')) {
      response.writeHead(403).end();
      return;
    }
    const limit = breaks[ranges.length] ?? Infinity;
    ranges.push(headers.range);
    const from =
      behaviour.ranges === false ? 0 : Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const part = content.subarray(from);
    if (from > 0) {
      response.writeHead(206, {
        'content-length': part.length,
        'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
        etag: '"v1"',
      });
    } else response.writeHead(200, { 'content-length': part.length, etag: '"v1"' });
    if (part.length <= limit) response.end(part);
    else response.write(part.subarray(0, limit), () => setTimeout(() => response.destroy(), 30));
  });
  return Object.assign(server, { ranges });
}

let root = '';
before(async () => (root = await mkdtemp(join(tmpdir(), 'uforge-download-'))));
after(() => rm(root, { recursive: true, force: true }));

async function folder(): Promise<string> {
  return mkdtemp(join(root, 'd-'));
}

async function download(
  server: Loopback,
  directory: string,
  options: Partial<DownloadOptions> = {},
): Promise<Downloaded> {
  await using test = connect(server.url);
  return await downloadImage({
    client: test.client,
    clock: test.clock,
    aid: 1,
    itid: 2,
    directory,
    ...options,
  });
}

suite('a download', () => {
  test('is streamed, verified by sha256 and named at the end; progress in bytes', async () => {
    await using server = await serve();
    const directory = join(await folder(), 'made', 'for it');
    const progress: { bytes: number; total: number | undefined }[] = [];
    const { path, bytes, verified } = await download(server, directory, {
      onProgress: (each) => progress.push(each),
    });
    assert.deepEqual([path, bytes, verified], [join(directory, name), file.length, 'sha256']);
    assert.deepEqual(await readFile(path), file);
    assert.deepEqual(await readdir(directory), [name]);
    assert.deepEqual(progress[0], { bytes: 0, total: file.length });
    assert.deepEqual(progress.at(-1), { bytes: file.length, total: file.length });
  });

  test('goes on after breaks, with a new key and a range each time', async () => {
    await using server = await serve({ breaks: [1_000_000, 500_000] });
    const { path } = await download(server, await folder());
    assert.deepEqual(await readFile(path), file);
    const [first, second, third] = server.ranges.map((range) => Number(range?.slice(6, -1) ?? 0));
    assert.equal(server.ranges.length, 3);
    assert.ok(first === 0 && second && second <= 1_000_000 && third && third > second, String(server.ranges));
  });

  test('gives up after breaks with nothing in between, and keeps what it has', async () => {
    await using server = await serve({ breaks: [1_000_000, 0, 0, 0, 0, 0, 0] });
    const directory = await folder();
    await assert.rejects(
      download(server, directory),
      (error) => error instanceof UForgeError && error.kind === 'network',
    );
    assert.deepEqual(await readdir(directory), [`${name}.part`]);
    await using well = await serve();
    const { path } = await download(well, directory);
    assert.deepEqual(await readFile(path), file);
    assert.match(well.ranges[0] ?? '', /^bytes=\d{4,}-$/);
  });

  test('cancelled, keeps the part for the next try', async () => {
    await using server = await serve();
    const directory = await folder();
    const abort = new AbortController();
    const onProgress = ({ bytes }: { bytes: number }): void => {
      if (bytes > 0) abort.abort(new Error('cancelled'));
    };
    await using test = connect(server.url);
    // The real time, so that progress is told more than once.
    const clock = { ...test.clock, now: () => performance.now() * 1000 };
    await assert.rejects(
      download(server, directory, { signal: abort.signal, onProgress, clock }),
      /cancelled/,
    );
    assert.deepEqual(await readdir(directory), [`${name}.part`]);
    const left = (await readFile(join(directory, `${name}.part`))).length;
    assert.ok(left > 0 && left < file.length, String(left));
    await download(server, directory);
    assert.equal(server.ranges.at(-1), `bytes=${left}-`);
    assert.deepEqual(await readdir(directory), [name]);
  });

  test('starts over when the part is of another image, or the server knows no ranges', async () => {
    for (const ranges of [true, false]) {
      await using server = await serve({ ranges });
      const directory = await folder();
      await writeFile(join(directory, `${name}.part`), randomBytes(1000));
      const { path } = await download(server, directory);
      assert.deepEqual(await readFile(path), file);
    }
  });

  test('of a part that is whole already asks for nothing but the ticket', async () => {
    await using server = await serve();
    const directory = await folder();
    await writeFile(join(directory, `${name}.part`), file);
    assert.equal((await download(server, directory)).verified, 'sha256');
    assert.deepEqual(server.ranges, []);
  });

  test('that arrives damaged is deleted and said', async () => {
    const content = Buffer.from(file);
    content[5] = (content[5] ?? 0) ^ 1;
    await using server = await serve({ content });
    const directory = await folder();
    await assert.rejects(download(server, directory), (error) => {
      assert.ok(error instanceof UForgeError);
      assert.match(error.message, /arrived damaged and was deleted: its sha256 checksum is/);
      return error.kind === 'protocol';
    });
    assert.deepEqual(await readdir(directory), []);
  });

  test('that is longer or shorter than the ticket says is not taken', async () => {
    for (const fileSize of [file.length - 1, file.length + 1]) {
      await using server = await serve({ ticket: { fileSize } });
      const directory = await folder();
      await assert.rejects(download(server, directory), /bytes/);
      assert.ok(!(await readdir(directory)).includes(name));
    }
  });

  test('is verified by md5, or by its size, when that is all there is', async () => {
    await using byMd5 = await serve({ ticket: { sha256sum: undefined, md5sum: md5.toUpperCase() } });
    assert.equal((await download(byMd5, await folder())).verified, 'md5');
    await using bySize = await serve({ ticket: { sha256sum: undefined, fileSize: undefined } });
    const directory = await folder();
    await writeFile(join(directory, `${name}.part`), randomBytes(1000));
    assert.equal((await download(bySize, directory)).verified, 'size');
    assert.deepEqual(bySize.ranges, [undefined], 'nothing would tell whose part it was');
    assert.deepEqual(await readFile(join(directory, name)), file);
  });

  test('with a key somebody else has spent is tried once more', async () => {
    await using server = await serve({ spentKey: 1 });
    assert.equal((await download(server, await folder())).bytes, file.length);
  });

  test('of the same image twice at once ends well for the first, and never with a damaged file', async () => {
    await using server = await serve();
    const directory = await folder();
    const both = await Promise.allSettled([download(server, directory), download(server, directory)]);
    assert.ok(both.some(({ status }) => status === 'fulfilled'));
    for (const left of await readdir(directory))
      assert.deepEqual(await readFile(join(directory, left)), file);
  });

  test('overwrites nothing', async () => {
    await using server = await serve();
    const directory = await folder();
    await writeFile(join(directory, name), 'mine');
    const { path } = await download(server, directory);
    assert.equal(path, join(directory, 'web_1.0rev1 (2).ova'));
    assert.equal(await readFile(join(directory, name), 'utf8'), 'mine');
  });

  test('stays in its folder, whatever the server calls the file', async () => {
    await using server = await listen((request, response) => {
      if (request.url.endsWith('/images/2')) {
        const ticket = {
          status: { complete: true },
          fileSize: 3,
          downloadKey: 'k',
          fileName: '../../.ssh/a:b\n.ova',
        };
        answer(response, 'image', ticket);
      } else response.end('abc');
    });
    const directory = await folder();
    const { path } = await download(server, directory);
    assert.equal(path, join(directory, 'a_b_.ova'));
    assert.match(
      server.received[1]?.url ?? '',
      /downloads\/\.\.%2F\.\.%2F\.ssh%2Fa%3Ab%0A\.ova\?downloadId=k$/,
    );
  });

  test('its key is in no error', async () => {
    await using server = await listen((request, response) => {
      if (request.url.endsWith('/images/2')) {
        answer(response, 'image', { status: { complete: true }, downloadKey: 'hush', fileName: 'a.ova' });
      } else response.writeHead(400).end(request.url);
    });
    const error: unknown = await download(server, await folder()).catch((error: unknown) => error);
    assert.ok(error instanceof UForgeError);
    assert.ok(!`${error.message}${error.detail}${error.stack}`.includes('hush'));
    assert.match(error.detail, /downloadId=\*\*\*/);
  });

  for (const [why, ticket, message] of [
    ['is not complete', { status: { percentage: 50 } }, /not complete/],
    ['has failed', { status: { complete: true, error: true } }, /not complete/],
    [
      'is not compressed and not offered',
      { compress: false, downloadUri: undefined },
      /requested without compress/,
    ],
    ['is a simulation', { simulated: true }, /only a simulation/],
  ] as const satisfies readonly (readonly [string, Image, RegExp])[]) {
    test(`of an image that ${why} is refused`, async () => {
      await using server = await serve({ ticket });
      const directory = await folder();
      await assert.rejects(download(server, directory), message);
      assert.deepEqual(await readdir(directory), []);
    });
  }

  test('into a folder that can not be written says so', async () => {
    await using server = await serve();
    const directory = await folder();
    await writeFile(join(directory, 'file'), '');
    await assert.rejects(download(server, join(directory, 'file')), /file/);
  });
});
