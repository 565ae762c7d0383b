import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { BuilderChoiceError, targetFormatsOf } from '../../../src/appliance/request/fromTemplate.ts';
import type { Template } from '../../../src/appliance/template/model/template.ts';
import type { GenerateHost, Target } from '../../../src/generate/host.ts';
import { PushMemoryFile } from '../../../src/generate/pushMemory.ts';
import { read } from '../../../src/generate/read.ts';
import { request } from '../../../src/generate/request.ts';
import { resolve, type Resolved } from '../../../src/generate/resolve.ts';
import { inTurn } from '../../../src/generate/turn.ts';
import { requestImage, type UnattendedHost } from '../../../src/generate/unattended.ts';
import { TicketService } from '../../../src/tickets/service.ts';
import type { Appliance } from '../../../src/uforge/dto.ts';
import { memoryStore } from '../tickets/support.ts';
import { answer, connect, listen } from '../uforge/support.ts';

let folder = '';
before(async () => (folder = await mkdtemp(join(tmpdir(), 'af-way-'))));
after(() => rm(folder, { recursive: true }));

const template = `stack:
  name: web
  version: '1.0'
  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }
builders: [{ type: QCOW2 }, { type: Old }]
`;
const representation = `<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge"><compress>true</compress>
<targetFormat><name>QCOW2</name></targetFormat></ns0:image>`;
const uri = 'users/guest/appliances/7';

/** A server that builds for QCOW2 and no longer for Old, and imports one appliance. */
async function server() {
  const resources = new AsyncDisposableStack();
  const appliances: Appliance[] = [];
  const loopback = resources.use(
    await listen(({ method, url, body }, response) => {
      const path = url.replace('/api/users/guest/', '').replace(/\?.*/, '');
      const formats = [{ name: 'QCOW2' }, { name: 'Old', active: false }];
      if (path === 'targetformats') answer(response, 'targetFormats', { targetFormats: formats });
      else if (path === 'appliances') answer(response, 'appliances', { appliances });
      else if (path === 'imports') answer(response, 'applianceImport', { dbId: 5 }, { status: 201 });
      else if (path === 'imports/5/uploads') {
        appliances.push({ name: 'web', version: '1.0', uri });
        answer(response, 'status', { complete: true }, { status: 201 });
      } else if (path === 'imports/5') answer(response, 'applianceImport', { dbId: 5, referenceUri: uri });
      else if (path === 'appliances/7') answer(response, 'appliance', { name: 'web', version: '1.0', uri });
      else if (method === 'POST' && body.length > 0) answer(response, 'image', { uri: `${uri}/images/1` });
      else response.writeHead(404).end();
    }),
  );
  const { client, clock } = resources.use(connect(loopback.url));
  const clients = () => Promise.resolve(client);
  const { store } = memoryStore();
  const memory = new PushMemoryFile(join(folder, 'pushed.json'));
  const service = new TicketService({ store, clients, clock });
  const target: Target = { clients, service, memory, clock, server: loopback.url };
  const asked = () =>
    loopback.received.map(
      ({ method, url }) => `${method} ${url.replace(/.*guest\//, '').replace(/\?.*/, '')}`,
    );
  return { target, asked, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** Whoever says yes to everything, as a person may. */
function host(texts: Readonly<Record<string, string>>, reads: string[] = []): GenerateHost {
  return {
    read(file) {
      reads.push(file);
      return Promise.resolve(texts[file] ?? assert.fail(file));
    },
    stopAt: () => folder,
    imagesOf: ({ builders = [] }) =>
      builders.map(({ type }) => ({ compress: true, targetFormat: { name: type } })),
    pickAppliance: () => assert.fail('nobody is asked'),
    mayReplace: () => true,
  };
}

/** Where nobody can be asked. */
function unattended(target: Target, texts: (path: string) => string): UnattendedHost {
  const { store } = memoryStore();
  return {
    ...{ ...target, store },
    server: () => target.server,
    uriOf: (path) => path,
    read: (path) => Promise.resolve(texts(path)),
    release: () => Promise.resolve(),
    stopAt: () => folder,
    workingFolder: () => folder,
  };
}

async function resolved(
  texts: Readonly<Record<string, string>>,
  file: string,
  reads?: string[],
): Promise<Resolved> {
  const asking = host(texts, reads);
  return (await resolve(await read(file, asking), asking))!;
}

suite('the way from a file to a ticket', () => {
  test('reads each text once: what was read is what is packed, whatever the disk says by then', async () => {
    const workspace = join(folder, 'read');
    await mkdir(join(workspace, 'vbox'), { recursive: true });
    const [own, above] = [join(workspace, 'vbox/representation.xml'), join(workspace, 'template.yml')];
    await writeFile(above, 'no template any more');
    const texts = { [own]: representation, [above]: template };
    for (const [file, files] of [
      [above, [above]],
      [own, [own, above]],
    ] as const) {
      const reads: string[] = [];
      const { appliance } = await resolved(texts, file, reads);
      assert.deepEqual(reads, files);
      assert.equal(appliance.name, 'web');
      assert.ok('digest' in appliance);
    }
  });

  test('asks for an appliance once: for what was pushed the push has asked, else the request does', async () => {
    await using setup = await server();
    const file = join(folder, 'once.yml');
    const { appliance } = await resolved({ [file]: template }, file);
    const images = [{ targetFormat: { name: 'QCOW2' } }, { targetFormat: { name: 'qcow2' }, compress: true }];
    const pushed = await request({ images, appliance, warnings: [] }, host({}), setup.target);
    assert.deepEqual(
      pushed.tickets.map(({ applianceName, applianceVersion }) => `${applianceName} ${applianceVersion}`),
      ['web 1.0', 'web 1.0'],
    );
    assert.equal(setup.asked().filter((each) => each === 'GET appliances').length, 1);
    assert.equal(setup.asked().filter((each) => each === 'GET appliances/7').length, 0);
    const known = await request(
      { images: images.slice(1), appliance: { uri }, warnings: [] },
      host({}),
      setup.target,
    );
    assert.equal(known.tickets[0]?.applianceName, 'web');
    assert.equal(setup.asked().filter((each) => each === 'GET appliances/7').length, 1);
  });

  test('leaves a builder with a mistake out, and says what is wrong with it when that one is asked for', async () => {
    const file = join(folder, 'one-wrong.yml');
    const wrong = `{ type: OVF or OVA, hardwareSettings: { memory: 512, hwType: '12' } }`;
    await writeFile(file, template.replace('{ type: Old }', wrong));
    const host = {
      read: (path: string) => readFile(path, 'utf8'),
      imagesOf: (read: Template) => targetFormatsOf(read).map((name) => ({ targetFormat: { name } })),
    };
    const { images, template: found } = await read(file, host);
    assert.deepEqual(images, [{ targetFormat: { name: 'QCOW2' } }]);
    const errors = found?.parsed.problems.filter(({ severity }) => severity === 'error') ?? [];
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['bad-hardware-type'],
    );
    await assert.rejects(() => read(file, host, { format: 'ovf or ova' }), /hwType.*4, 7, 9, 11/);
    await writeFile(file, template.replace('{ type: QCOW2 }, { type: Old }', wrong));
    await assert.rejects(() => read(file, host), /hwType.*4, 7, 9, 11/);
  });

  test('refuses formats the server has switched off before it pushes, whoever is asked; others are built', async () => {
    await using setup = await server();
    const file = join(folder, 'formats.yml');
    const both = await resolved({ [file]: template }, file);
    const old = { ...both, images: both.images.slice(1) };
    const none = await request(old, host({}), setup.target);
    assert.deepEqual(none.tickets, []);
    assert.ok(none.failures[0] instanceof BuilderChoiceError);
    assert.match(none.failures[0].message, /no target format “Old”\. It has: QCOW2\./);
    await assert.rejects(
      requestImage(
        unattended(setup.target, () => template),
        file,
        { format: 'Old' },
      ),
      BuilderChoiceError,
    );
    assert.deepEqual(new Set(setup.asked()), new Set(['GET targetformats']));
    const lower = { ...both, images: [{ targetFormat: { name: 'qcow2' } }, ...old.images] };
    const one = await request(lower, host({}), setup.target);
    assert.deepEqual(
      one.tickets.map(({ targetFormat }) => targetFormat),
      ['QCOW2'],
      'spelt as the server does',
    );
    assert.equal(one.failures.length, 1);
  });

  test('asks for nothing when somebody says no at the end', async () => {
    await using setup = await server();
    const no = { ...host({}), mayRequest: () => Promise.resolve(false) };
    const images = [{ targetFormat: { name: 'QCOW2' } }];
    const said = await request({ images, appliance: { uri }, warnings: [] }, no, setup.target);
    assert.deepEqual(said, { tickets: [], failures: [] });
  });

  test('without anybody to ask, refuses what the options do not say', async () => {
    await using setup = await server();
    const file = join(folder, 'alone', 'template.yml');
    const nobody = unattended(setup.target, (path) => (path === file ? template : representation));
    await assert.rejects(requestImage(nobody, file, {}), /several builders\. Say which one: QCOW2, Old\./);
    await assert.rejects(
      requestImage(nobody, join(folder, 'alone', 'a.xml'), {}),
      /^InputError: Which appliance\?/,
    );
    assert.deepEqual(setup.asked(), [], 'the server is not asked');
  });
});

suite('two who push the same appliance at the same moment', () => {
  /** Each as a process of its own would: they share no more than the folder. */
  const pushed = async (target: Target, file: string, steps: boolean[]): Promise<void> => {
    const path = join(folder, 'twins', 'pushed.json');
    const nobody = unattended({ ...target, memory: new PushMemoryFile(path) }, () => template);
    await requestImage(nobody, file, {
      format: 'QCOW2',
      onStep: (step) => {
        if (step.kind === 'pushed') steps.push(step.imported);
      },
    });
  };

  test('wait for each other, also on the command line and for agents: one imports, the others find it', async () => {
    await using setup = await server();
    const steps: boolean[] = [];
    const files = ['a.yml', 'b.yml', 'c.yml'].map((name) => join(folder, name));
    await Promise.all(files.map((file) => pushed(setup.target, file, steps)));
    assert.deepEqual(steps.toSorted(), [false, false, true]);
    assert.equal(setup.asked().filter((each) => each === 'POST imports').length, 1);
    assert.deepEqual(await readdir(join(folder, 'twins')), ['pushed.json'], 'nothing is left of the turns');
  });

  test('do not wait for one that has crashed, and stop waiting when called off', async () => {
    const file = join(folder, 'crashed.lock');
    await writeFile(file, '');
    const signal = AbortSignal.timeout(100);
    await assert.rejects(
      inTurn(file, () => assert.fail('it is not its turn'), signal),
      { name: 'AbortError' },
    );
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(file, longAgo, longAgo);
    assert.equal(await inTurn(file, () => Promise.resolve('done')), 'done');
  });
});
