import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { sourceFetcher } from '../../src/generate/fetchSource.ts';

let folder = '';
before(async () => (folder = await mkdtemp(join(tmpdir(), 'af-ftp-'))));
after(() => rm(folder, { recursive: true, force: true }));

/** pyftpdlib, as Debian has it, with a folder that everybody may read; and what it has sent. */
async function ftpServer(shared: string) {
  const server = spawn('/usr/bin/python3', ['-m', 'pyftpdlib', '-i', '127.0.0.1', '-p', '0', '-d', shared], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const sent: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    server.once('exit', () => {
      reject(new Error('The FTP server has not started.'));
    });
    createInterface(server.stderr).on('line', (line) => {
      const [, port] = /starting FTP server on 127\.0\.0\.1:(\d+)/.exec(line) ?? [];
      if (port !== undefined) resolve(`ftp://127.0.0.1:${port}`);
      if (line.includes(' RETR ')) sent.push(line);
    });
  });
  return {
    url,
    sent,
    [Symbol.asyncDispose]: async () => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

suite('a source at an ftp address', () => {
  test('is fetched once, and again when it has changed', async () => {
    const shared = join(folder, 'shared');
    await mkdir(join(shared, 'my scripts'), { recursive: true });
    const script = join(shared, 'my scripts', 'a.sh');
    await writeFile(script, '#!/bin/sh\n');
    await using server = await ftpServer(shared);
    const fetchSource = sourceFetcher({ folder: join(folder, 'a'), allowed: [server.url] });
    const address = `${server.url}/my%20scripts/a.sh`;
    const file = await fetchSource(address);
    assert.equal(await readFile(file, 'utf8'), '#!/bin/sh\n');
    await fetchSource(address);
    assert.equal(server.sent.length, 1);
    await writeFile(script, '#!/bin/bb\n');
    await utimes(script, 1e9, 1e9);
    assert.equal(await readFile(await fetchSource(address), 'utf8'), '#!/bin/bb\n');
    assert.equal(server.sent.length, 2);
  });

  test('is refused in a sentence when it is not there, too large or not of the web, and leaves nothing', async () => {
    const shared = join(folder, 'other');
    await mkdir(shared);
    await writeFile(join(shared, 'large'), 'x'.repeat(2000));
    await using server = await ftpServer(shared);
    const cache = join(folder, 'b');
    const fetchSource = sourceFetcher({ folder: cache, allowed: [server.url], maxBytes: 1000 });
    await assert.rejects(() => fetchSource(`${server.url}/gone`), /can’t be fetched: 550 No such file/);
    await assert.rejects(() => fetchSource(`${server.url}/large`), /larger than/);
    await assert.rejects(() => sourceFetcher({ folder: cache })(`${server.url}/large`), /private network/);
    const { port } = new URL(server.url);
    const byName = `ftp://${hostname()}:${port}/large`;
    await assert.rejects(() => sourceFetcher({ folder: cache })(byName), /private network/);
    assert.deepEqual(await readdir(cache), []);
    assert.deepEqual(server.sent, []);
  });

  test('can be given up while the server says nothing', async () => {
    await using silent = createServer().listen(0, '127.0.0.1');
    const asked = once(silent, 'connection');
    await once(silent, 'listening');
    const address = `ftp://127.0.0.1:${(silent.address() as AddressInfo).port}/x`;
    const fetchSource = sourceFetcher({ folder: join(folder, 'c'), allowed: [address] });
    const giveUp = new AbortController();
    const fetching = fetchSource(address, giveUp.signal);
    await Promise.all([
      assert.rejects(() => fetching, { name: 'AbortError' }),
      asked.then(() => {
        giveUp.abort();
      }),
    ]);
  });
});
