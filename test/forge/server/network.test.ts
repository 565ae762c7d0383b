import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type PeerCertificate } from 'node:tls';
import { promisify } from 'node:util';
import { basic, ended, startForge, temporaryFolder } from './support.ts';

const execute = promisify(execFile);

/** A certificate for names, and its key. */
async function certificate(folder: string, name: string): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`];
  await execute('openssl', [...kind, ...names, '-days', '2', '-keyout', key, '-out', cert]);
  return { cert, key };
}

async function shownBy(url: string): Promise<PeerCertificate> {
  const { port } = new URL(url);
  const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const shown = socket.getPeerCertificate();
  socket.destroy();
  return shown;
}

interface Asked {
  readonly status: number;
  readonly text: string;
}

function ask(url: string, ca: string, headers: Record<string, string>, from?: string): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url);
    const target = {
      hostname,
      port,
      path: pathname,
      ca,
      headers,
      servername: 'forge.example.org',
      ...(from && { localAddress: from }),
    };
    httpsRequest(target, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

suite('a forge on the network', () => {
  test('does not start without TLS or a proxy, and says what to give', async () => {
    await using folder = await temporaryFolder();
    const { code, errors } = await ended(['--data', folder.path, '--listen', '0.0.0.0:0']);
    assert.equal(code, 2);
    assert.match(
      errors,
      /passwords would go over the network.*--tls-cert.*--tls-self-signed.*--trusted-proxy/s,
    );
  });

  test('names file, line and setting of a wrong configuration', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'forge.yml');
    await writeFile(file, 'builds: 2\nlisten-on: 0.0.0.0:1\n');
    const { code, errors } = await ended(['--config', file]);
    assert.equal(code, 2);
    assert.match(errors, /forge\.yml, line 2: There is no setting “listen-on”\. There are: port, listen/);
    await writeFile(file, 'builds: many\n');
    assert.match((await ended(['--config', file])).errors, /line 1: “builds” takes a number\./);
  });

  test('speaks TLS under its names, reads a new certificate on SIGHUP, and goes on', async () => {
    await using folder = await temporaryFolder();
    const first = await certificate(folder.path, 'forge.example.org');
    const second = await certificate(folder.path, 'renewed.example.org');
    const file = join(folder.path, 'forge.yml');
    await writeFile(
      file,
      `listen: 127.0.0.1:0\ntls-cert: ${first.cert}\ntls-key: ${first.key}\nname: [forge.example.org]\n`,
    );
    await using forge = await startForge(join(folder.path, 'data'), ['--config', file]);
    assert.match(forge.url, /^https:\/\/forge\.example\.org:\d+\/api$/);
    assert.equal((await shownBy(forge.url)).subject.CN, 'forge.example.org');
    const local = forge.url.replace('forge.example.org', '127.0.0.1');
    const ca = await readFile(first.cert, 'utf8');
    const authorization = basic(forge.user, forge.password);
    const asked = (host: string) => ask(`${local}/users/${forge.user}`, ca, { authorization, host });
    assert.equal((await asked('forge.example.org')).status, 200);
    assert.equal((await asked('forge.example.org:443')).status, 200, 'as a proxy names it');
    const other = await asked('evil.example.org');
    assert.equal(other.status, 403);
    assert.match(other.text, /is not reached by that name/);

    await copyFile(second.cert, first.cert);
    await copyFile(second.key, first.key);
    forge.child.kill('SIGHUP');
    let shown = '';
    for (let tries = 0; tries < 100 && shown !== 'renewed.example.org'; tries++) {
      await pause(50);
      shown = String((await shownBy(forge.url)).subject.CN);
    }
    assert.equal(shown, 'renewed.example.org');

    await writeFile(first.key, 'no key');
    forge.child.kill('SIGHUP');
    while (!forge.errors().includes("can't be used together")) await pause(20);
    assert.equal((await shownBy(forge.url)).subject.CN, 'renewed.example.org', 'the old one goes on');
  });

  test('makes a certificate of its own once, and says its fingerprint', async () => {
    await using folder = await temporaryFolder();
    const flags = ['--listen', '127.0.0.1:0', '--tls-self-signed'];
    let fingerprint = '';
    for (const time of ['first', 'second']) {
      await using forge = await startForge(folder.path, flags);
      const shown = await shownBy(forge.url);
      const told = (forge as unknown as { fingerprint: string }).fingerprint;
      assert.equal(told, shown.fingerprint256, time);
      if (fingerprint !== '') assert.equal(told, fingerprint, 'kept');
      fingerprint = told;
      assert.match(shown.subjectaltname ?? '', /IP Address:127\.0\.0\.1/);
    }
  });

  test('behind a proxy believes that proxy only', async () => {
    await using folder = await temporaryFolder();
    const flags = ['--listen', '0.0.0.0:0', '--trusted-proxy', '127.0.0.1', '--name', 'forge.example.org'];
    await using forge = await startForge(folder.path, flags);
    const { port } = new URL(forge.url);
    const local = `http://127.0.0.1:${port}/api/users/${forge.user}/apikeys`;
    const headers = {
      authorization: basic(forge.user, forge.password),
      'x-forwarded-for': '203.0.113.9, 198.51.100.7',
    };
    const { status } = await fetch(local, { method: 'POST', headers });
    while (!forge.errors().includes('{"audit"')) await pause(10);
    const audit = forge
      .errors()
      .split('\n')
      .find((line) => line.startsWith('{"audit"'));
    const { address, user, method, path, ...rest } = JSON.parse(audit ?? '{}') as Record<string, unknown>;
    assert.deepEqual(
      { address, user, method },
      { address: '198.51.100.7', user: forge.user, method: 'POST' },
    );
    assert.equal(path, `/api/users/${forge.user}/apikeys`);
    assert.equal(rest['status'], status);
    assert.ok(!forge.errors().includes(forge.password));
  });

  test('lets one address have so many connections and requests, and others go on', async () => {
    await using folder = await temporaryFolder();
    const flags = ['--requests-per-second', '1', '--connections-per-address', '5'];
    await using forge = await startForge(folder.path, flags);
    const port = Number(new URL(forge.url).port);
    const open: Socket[] = [];
    let closed = 0;
    for (let times = 0; times < 8; times++) {
      const socket = createConnection({ host: '127.0.0.1', port, localAddress: '127.0.0.9' });
      socket.on('error', () => undefined).once('close', () => closed++);
      open.push(socket);
    }
    while (closed < 3) await pause(10);
    await pause(50);
    assert.equal(closed, 3, 'the other five stay');
    open.forEach((socket) => socket.destroy());

    const statuses: number[] = [];
    for (let times = 0; times < 12; times++) statuses.push((await forge.call('GET', '/status')).status);
    assert.deepEqual(
      statuses.slice(0, 10).filter((status) => status !== 200),
      [],
    );
    assert.equal(statuses.at(-1), 429);
    const elsewhere = await new Promise<string>((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port, localAddress: '127.0.0.8' });
      socket.on('error', reject).once('data', (data) => resolve(data.toString('latin1')));
      socket.write(`GET /api/status HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`);
    });
    assert.match(elsewhere, /^HTTP\/1\.1 200 /);
  });

  test('says whether it is ready, and what it has measured to those who sign in', async () => {
    await using folder = await temporaryFolder();
    await using forge = await startForge(folder.path);
    const base = forge.url.replace(/\/api$/, '');
    const status = await fetch(`${base}/status`);
    assert.equal(status.status, 200);
    const { ready, database, disk, runners } = (await status.json()) as Record<string, unknown>;
    assert.deepEqual(
      { ready, database, disk, runners },
      { ready: true, database: 'ok', disk: 'ok', runners: 'ok' },
    );
    assert.equal((await fetch(`${base}/metrics`)).status, 401);
    const headers = { authorization: basic(forge.user, forge.password) };
    const metrics = await fetch(`${base}/metrics`, { headers });
    assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const text = await metrics.text();
    assert.match(text, /^forge_requests_total\{method="GET",status="401"\} 1$/m);
    assert.match(text, /^forge_queue_length 0$/m);
    assert.match(text, /^forge_nodejs_eventloop_lag_p99_seconds /m);
  });
});
