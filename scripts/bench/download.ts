import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { basicAuthorizer } from '../../src/uforge/authorizer.ts';
import { createClient } from '../../src/uforge/client/client.ts';
import { systemClock } from '../../src/uforge/clock.ts';
import { downloadImage } from '../../src/uforge/download/download.ts';
import { createUndiciTransport } from '../../src/uforge/transport/undiciTransport.ts';
import { race, type Row } from './report.ts';
import type { Servers } from './server.ts';

const rounds = 5;

/** An image of the forge into a file, checked by its SHA-256, against curl, which checks nothing. */
export async function benchDownload(servers: Servers, directory: string): Promise<Row[]> {
  const { url, user, password, aid, itid } = servers;
  await using transport = createUndiciTransport();
  const authorizer = basicAuthorizer(user, password);
  const client = createClient({ baseUrl: url, uid: user, authorizer, transport, clock: systemClock });
  const { fileSize = 0, fileName = '' } = await client.machineImage_get({ aid, itid });
  const source = client.resolve(`users/${user}/appliances/${aid}/images/${itid}/downloads/${fileName}`);
  const target = join(directory, 'curl.ova');
  const [ours = 0, curl = 0] = await race(
    Number(fileSize) / 1e6,
    rounds,
    async () => {
      const { path, verified } = await downloadImage({ client, aid, itid, directory, clock: systemClock });
      if (verified !== 'sha256') throw new Error(`Verified by ${verified} only.`);
      await rm(path);
    },
    async () => {
      await curlTo(target, source, `${user}:${password}`);
      await rm(target);
    },
  );
  const note = `${(Number(fileSize) / 1e6).toFixed(0)} MB, verified by SHA-256`;
  return [{ what: 'download', unit: 'MB/s', ours, anchorName: 'curl', anchor: curl, aim: 0.9, note }];
}

/** What it is to fetch is told on its standard input: arguments are for everybody to see. */
async function curlTo(path: string, url: URL, login: string): Promise<void> {
  const curl = spawn('curl', ['--silent', '--fail', '--output', path, '--config', '-'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  curl.stdin.end(`url = "${url.href}"\nuser = "${login}"\n`);
  const [code] = (await once(curl, 'close')) as [number | null];
  if (code !== 0) throw new Error(`curl ended with ${String(code)}.`);
}
