import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { AwsV4Signer } from 'aws4fetch';
import { leaveImage } from '../forge/server/seeded.ts';
import {
  element,
  startForge,
  stop,
  temporaryFolder,
  until,
  type TestForge,
} from '../forge/server/support.ts';
import { badWayTo, type BadWay } from '../support/badWay.ts';
import { ended, keepAccount, post, publish, resourcesOf } from '../support/publishing.ts';
import { startMoto } from './servers.ts';

const mib = 1024 * 1024;
const block = 512 * 1024;
/** A disk of 1 GiB with 12 MiB in it, in two places. */
const diskSize = 1024 * mib;
const used = 12 * mib;
const region = 'eu-west-1';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Awaited<ReturnType<typeof startMoto>>;
/** All that the forge asks of AWS goes through it. */
let way: BadWay;
let forge: TestForge;
let image: string;
let raw: string;
before(async () => {
  folder = await temporaryFolder();
  raw = join(folder.path, 'disk');
  {
    await using disk = await open(raw, 'w');
    await disk.truncate(diskSize);
    await disk.write(randomBytes(used / 2), 0, used / 2, 0);
    await disk.write(randomBytes(used / 2), 0, used / 2, 700 * mib);
  }
  const vmdk = join(folder.path, 'vmdk');
  const options = ['-f', 'raw', '-O', 'vmdk', '-o', 'subformat=streamOptimized'];
  await promisify(execFile)('qemu-img', ['convert', ...options, raw, vmdk]);
  const content = await readFile(vmdk);
  image = (await leaveImage(folder.path, content, '{"image":{"compress":false}}', { ...asVmdk })).uri;
  server = await startMoto();
  way = await badWayTo(Number(new URL(server.url).port));
  await startOurs();
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await way[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await rm(raw, { force: true });
});

const asVmdk = { targetFormat: 'Amazon AWS', extension: 'vmdk', mimeType: 'application/x-vmdk' };

async function startOurs(): Promise<void> {
  forge = await startForge(folder.path, [], { AWS_ENDPOINT_URL: `http://127.0.0.1:${way.port}` });
}

let accounts = 0;
async function ask(request: object = {}, of = image): Promise<string> {
  const dbId = await keepAccount(forge, {
    ...{ '@xsi.type': 'CredAccountAws', name: `aws ${++accounts}` },
    ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKeyId: 'hush-51e0' },
  });
  return await publish(forge, of, {
    ...{ '@xsi.type': 'PublishImageAws', credAccount: { '@xsi.type': 'CredAccountAws', dbId }, region },
    ...request,
  });
}

/** Asks AWS itself. */
async function aws(
  service: 'ec2' | 'ebs',
  path: string,
  body?: Readonly<Record<string, string>>,
): Promise<Response> {
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x', service, region };
  const form = body && new URLSearchParams({ Version: '2016-11-15', ...body }).toString();
  const signed = await new AwsV4Signer({
    ...{ url: `${server.url}${path}`, method: form === undefined ? 'GET' : 'POST', ...keys },
    ...(form !== undefined && { body: form }),
    ...(form !== undefined && { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  }).sign();
  return await fetch(signed.url, {
    ...{ method: signed.method, headers: signed.headers },
    ...(form !== undefined && { body: form }),
  });
}

async function described(Action: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  return await (await aws('ec2', '/', { Action, ...more })).text();
}

/** Ours: moto has some hundred of its own, and makes one more for each AMI. */
async function snapshots(): Promise<readonly string[]> {
  const all = (await described('DescribeSnapshots')).split('<snapshotId>').slice(1);
  const ours = all.filter((each) => /<description>(shop|left 1\.0 .*)<\/description>/.test(each));
  return ours.map((each) => each.split('<')[0] ?? '');
}

interface Blocks {
  readonly Blocks: readonly { readonly BlockIndex: number; readonly BlockToken: string }[];
}

suite('publishing to AWS', () => {
  let before: readonly string[];

  test('makes an AMI of a snapshot that has the disk, block for block, and sends no hole', async () => {
    before = await snapshots();
    const sent = way.sent;
    const { state, message, text } = await ended(forge, await ask({ name: 'shop' }));
    assert.equal(state, 'done', message);
    assert.ok((way.sent - sent) / used < 1.02, `${way.sent - sent} bytes for ${used}`);
    const ami = element(text, 'cloudId') ?? '';
    assert.match(ami, /^ami-\w+$/);
    assert.match(
      element(text, 'publishLocation') ?? '',
      new RegExp(`region=eu-west-1#ImageDetails:imageId=${ami}$`),
    );
    const made = await described('DescribeImages', { 'ImageId.1': ami });
    assert.ok(made.includes(`<imageId>${ami}</imageId>`) && made.includes('<name>shop</name>'), made);
    const [snapshot = ''] = (await snapshots()).filter((each) => !before.includes(each));
    const listed = (await (await aws('ebs', `/snapshots/${snapshot}/blocks`)).json()) as Blocks;
    assert.equal(listed.Blocks.length, used / block);
    await using disk = await open(raw);
    for (const { BlockIndex: index, BlockToken: token } of listed.Blocks) {
      const path = `/snapshots/${snapshot}/blocks/${index}?blockToken=${token}`;
      const stored = Buffer.from(await (await aws('ebs', path)).arrayBuffer());
      const { buffer } = await disk.read(Buffer.alloc(block), 0, block, index * block);
      assert.ok(stored.equals(buffer), `block ${index}`);
    }
    before = await snapshots();
  });

  test('gets through connections that break and a server that is busy', async () => {
    way.cutAt(way.sent + used / 2);
    way.answer(503, 3, way.sent + used / 4);
    const { state, message, text } = await ended(forge, await ask());
    assert.equal(state, 'done', message);
    const made = await described('DescribeImages', { 'ImageId.1': element(text, 'cloudId') ?? '' });
    assert.match(made, /<name>left 1\.0 \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d<\/name>/);
    before = await snapshots();
  });

  test('starts a machine of it, and ends it', async () => {
    const publication = await ask();
    const { state, message, text: published } = await ended(forge, publication);
    assert.equal(state, 'done', message);
    const instance = { '@xsi.type': 'InstanceAmazon', instanceType: 't3.small' };
    const made = await post(forge, `${publication.replace('/users/forge', '')}/deploys`, {
      deployment: { name: 'web', instances: { instance: [instance] } },
    });
    assert.equal(made.status, 201, made.text);
    const deployment = `/${element(made.text, 'uri') ?? ''}`;
    let text = '';
    await until('it runs', async () => {
      ({ text } = await forge.call('GET', `${deployment}/status`));
      assert.equal(element(text, 'error'), 'false', text);
      return element(text, 'message') === 'running';
    });
    ({ text } = await forge.call('GET', deployment));
    const id = element(text, 'instanceId') ?? '';
    assert.match(element(text, 'hostname') ?? '', /^\d+\.\d+\.\d+\.\d+$/);
    const machine = async (): Promise<string> => await described('DescribeInstances', { 'InstanceId.1': id });
    const running = await machine();
    assert.ok(running.includes(`<imageId>${element(published, 'cloudId') ?? ''}</imageId>`), running);
    assert.ok(running.includes('<instanceType>t3.small</instanceType>'), running);
    assert.equal((await forge.call('DELETE', deployment)).status, 204);
    assert.match(await machine(), /<name>(terminated|shutting-down)<\/name>/);
    assert.equal((await forge.call('GET', deployment)).status, 404);
    before = await snapshots();
  });

  test('says which regions there are', async () => {
    const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKeyId: 'x' };
    const dbId = await keepAccount(forge, { '@xsi.type': 'CredAccountAws', name: 'regions', ...keys });
    assert.match((await resourcesOf(forge, dbId)).text, /<localisation>eu-west-1<\/localisation>/);
  });

  for (const share of [0.1, 0.5, 0.99]) {
    test(`cancelled at ${share * 100} % leaves no snapshot`, async () => {
      const held = way.holdAt(way.sent + used * share);
      const publication = await ask();
      await held;
      assert.equal((await snapshots()).length, before.length + 1);
      const cancelling = forge.call('DELETE', `${publication}/cancel`);
      way.release();
      const { text } = await cancelling;
      assert.equal(element(text, 'cancelled'), 'true', text);
      assert.deepEqual(await snapshots(), before);
    });
  }

  test('of a forge that was killed in the middle ends in error when it is started again, and leaves no snapshot', async () => {
    const held = way.holdAt(way.sent + used / 2);
    const publication = await ask();
    await held;
    await stop(forge.child, 'SIGKILL');
    way.release();
    await startOurs();
    const { state, message } = await ended(forge, publication);
    assert.deepEqual(
      [state, message],
      ['failed', 'The forge was stopped while this image was being published.'],
    );
    assert.deepEqual(await snapshots(), before);
  });

  test('that can’t be done says why', async () => {
    const nowhere = await ended(forge, await ask({ region: 'mars' }));
    assert.match(nowhere.message, /Say in region where in AWS the image is to be/);
    const archive = { ...asVmdk, extension: 'tar' };
    const packed = await leaveImage(folder.path, Buffer.from('tar'), '{"image":{}}', archive);
    assert.match((await ended(forge, await ask({}, packed.uri))).message, /AWS takes one disk/);
    const broken = await leaveImage(folder.path, Buffer.from('no disk'), '{"image":{}}', asVmdk);
    assert.equal((await ended(forge, await ask({}, broken.uri))).state, 'failed');
    assert.deepEqual(await snapshots(), before);
  });
});

/** Signature Version 4 as AWS describes it, of a request as it is sent. */
function signatureOf(
  { method, path, headers, payload }: Sent,
  secret: string,
): { readonly signature: string; readonly said: string } {
  const { authorization = '', 'x-amz-date': date = '' } = headers;
  const part = (name: string): string => new RegExp(`${name}=([^, ]+)`).exec(authorization)?.[1] ?? '';
  const scope = part('Credential').split('/').slice(1);
  const names = part('SignedHeaders').split(';');
  const [pathname = '', query = ''] = path.split('?');
  const canonical = [
    ...[method, pathname, query.split('&').sort().join('&')],
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    ...['', names.join(';'), headers['x-amz-content-sha256'] ?? sha256(payload)],
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();
  const key = scope.reduce<Buffer | string>((before, each) => hmac(before, each), `AWS4${secret}`);
  return { signature: hmac(key, text).toString('hex'), said: part('Signature') };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

function parsed(request: string): Sent {
  const [head = '', payload = ''] = request.split('\r\n\r\n', 2);
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = lines.map((line) => {
    const [name = '', ...value] = line.split(':');
    return [name.toLowerCase(), value.join(':').trim()] as const;
  });
  return { method, path, headers: Object.fromEntries(headers), payload };
}

suite('requests to AWS', () => {
  // Moto takes any secret, so what was sent to it is looked at.
  test('are signed as AWS’s published examples say', async () => {
    // “get-vanilla” and “post-x-www-form-urlencoded” of AWS's test suite for Signature Version 4.
    const example = (signed: string): string =>
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signed}, Signature=`;
    const common = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' };
    const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
    const get = { ...common, authorization: example('host;x-amz-date') };
    assert.equal(
      signatureOf({ method: 'GET', path: '/', headers: get, payload: '' }, secret).signature,
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    );
    const form = { ...common, 'content-type': 'application/x-www-form-urlencoded' };
    const authorization = example('content-type;host;x-amz-date');
    assert.equal(
      signatureOf(
        { method: 'POST', path: '/', headers: { ...form, authorization }, payload: 'Param1=value1' },
        secret,
      ).signature,
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    );
    await ended(forge, await ask());
    const sent = way.requests.map(parsed);
    const whole = sent.filter(
      ({ headers, payload }) =>
        headers['x-amz-content-sha256'] !== undefined || Number(headers['content-length']) === payload.length,
    );
    for (const kind of ['Action=RegisterImage', '/snapshots/snap-']) {
      assert.ok(
        whole.some(({ path, payload }) => path.startsWith(kind) || payload.startsWith(kind)),
        kind,
      );
    }
    for (const request of whole) {
      const { signature, said } = signatureOf(request, 'hush-51e0');
      assert.equal(said, signature, `${request.method} ${request.path}`);
    }
  });
});
