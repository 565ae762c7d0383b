import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { suite, test } from 'node:test';
import type { TemplateArchive } from '../../../src/appliance/archive/packTemplate.ts';
import type { GenerateHost, GenerateStep } from '../../../src/generate/host.ts';
import { push, PushConflict } from '../../../src/generate/push.ts';
import type { PushedArchive, PushKey } from '../../../src/generate/pushMemory.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import type { Appliance, OpStatus } from '../../../src/uforge/dto.ts';
import { answer, connect, listen, type Received } from '../uforge/support.ts';

const archive: TemplateArchive = {
  // eslint-disable-next-line @typescript-eslint/require-await -- as a stream of files has
  content: async function* (gone = []) {
    yield Buffer.from(gone.length === 0 ? 'a gzip tar' : `without ${gone.map(({ name }) => name).join()}`);
  },
  digest: 'new',
  name: 'nginx',
  version: '1.0',
  template: {
    stack: { name: 'nginx', version: '1.0', os: { name: 'Debian', version: '12', arch: 'amd64' } },
  },
  problems: [],
  file: '/ws/template.yml',
  ourKeys: [],
};
const uri = 'users/guest/appliances/7';
const appliance: Appliance = { name: 'nginx', version: '1.0', uri };

interface Pushing {
  readonly mayReplace?: GenerateHost['mayReplace'];
  readonly onProgress?: (step: { readonly message: string; readonly percentage: number }) => void;
  readonly signal?: AbortSignal;
  readonly archive?: TemplateArchive;
  readonly onStep?: (step: GenerateStep) => void;
}

/** A server that imports, and says of each upload what `statuses` say, one after the other. */
async function server(
  appliances: readonly Appliance[],
  statuses: readonly OpStatus[] = [{ complete: true }],
  headers: Readonly<Record<string, string>> = {},
) {
  const resources = new AsyncDisposableStack();
  const left = [...statuses];
  const next = (): OpStatus => left.shift() ?? { complete: true };
  const loopback = resources.use(
    await listen(({ method, url }: Received, response: ServerResponse) => {
      const path = url.replace('/api/users/guest/', '').replace(/\?.*/, '');
      if (path === 'appliances') answer(response, 'appliances', { appliances }, { headers });
      else if (path === 'imports') answer(response, 'applianceImport', { dbId: 5 }, { status: 201 });
      else if (path.endsWith('/uploads')) answer(response, 'status', next(), { status: 201 });
      else if (path.endsWith('/status')) answer(response, 'status', next());
      else if (method === 'DELETE') response.writeHead(204).end();
      else answer(response, 'applianceImport', { dbId: 5, referenceUri: uri });
    }),
  );
  const { client, clock } = resources.use(connect(loopback.url));
  const memory = new Map<string, PushedArchive>();
  const pushing = async ({
    mayReplace,
    onProgress,
    signal,
    archive: given = archive,
    ...more
  }: Pushing = {}) => {
    let imported = false;
    const onStep = (step: GenerateStep): void => {
      more.onStep?.(step);
      if (step.kind === 'pushed') ({ imported } = step);
      if (step.kind === 'pushing') onProgress?.({ message: step.message, percentage: step.percentage });
    };
    const host = { mayReplace: mayReplace ?? (() => false), onStep };
    const target = {
      server: 's',
      clock,
      signal,
      memory: {
        get: ({ name }: PushKey) => Promise.resolve(memory.get(name)),
        set: ({ name }: PushKey, pushed: PushedArchive) => Promise.resolve(void memory.set(name, pushed)),
        inTurn: <T>(_key: PushKey, work: () => Promise<T>) => work(),
      },
    };
    const { uri: applianceUri } = await push(given, client, host, target);
    return { applianceUri, imported };
  };
  const asked = (): readonly string[] =>
    loopback.received.map(
      ({ method, url }) => `${method} ${decodeURIComponent(url.replace('/api/users/guest/', ''))}`,
    );
  return { push: pushing, asked, memory, loopback, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

suite('pushing a template', () => {
  test('imports what the server lacks, with the archive as it is, and remembers it', async () => {
    await using setup = await server(
      [],
      [{ percentage: 10 }, { percentage: 60, message: 'Unpacking' }, { complete: true }],
    );
    const steps: unknown[] = [];
    const pushed = await setup.push({ onProgress: (step) => steps.push(step) });
    assert.deepEqual(pushed, { applianceUri: uri, imported: true });
    assert.deepEqual(setup.asked(), [
      "GET appliances?query=name=='nginx';version=='1.0'",
      'POST imports?imported=false&force=false',
      'POST imports/5/uploads',
      'GET imports/5/status',
      'GET imports/5/status',
      'GET imports/5',
    ]);
    assert.equal(String(setup.loopback.received[2]?.body), 'a gzip tar');
    assert.deepEqual(steps.at(-1), { message: 'Unpacking', percentage: 60 });
    assert.deepEqual(setup.memory.get('nginx'), { digest: 'new', applianceUri: uri });
  });

  const range = { start: { line: 4, character: 2 }, end: { line: 4, character: 9 } };
  const key = (name: string) => ({ name, path: ['stack', 'installation', name.split('.')[1] ?? ''], range });
  const withOurs = { ...archive, ourKeys: [key('Installation.hostname'), key('Installation.sysctl')] };

  test('leaves out the keys the server does not know, and says which, again when it has learnt one', async () => {
    await using setup = await server([], undefined, { 'template-keys': 'Installation.sysctl, Nic.routes' });
    const steps: GenerateStep[] = [];
    await setup.push({ archive: withOurs, onStep: (step) => steps.push(step) });
    assert.equal(String(setup.loopback.received[2]?.body), 'without Installation.hostname');
    const [told] = steps.flatMap((step) => (step.kind === 'leftOut' ? [step] : []));
    assert.deepEqual([told?.file, told?.keys], ['/ws/template.yml', ['stack.installation.hostname']]);
    assert.match(
      told?.problems[0]?.message ?? '',
      /hostname is a key of the local forge: 127\.0\.0\.1:\d+ does not know it/,
    );
    assert.deepEqual(told?.problems[0]?.range, range);
    const pushed = setup.memory.get('nginx');
    assert.deepEqual(pushed, { digest: 'new', leftOut: ['Installation.hostname'], applianceUri: uri });

    const all = { 'template-keys': 'Installation.hostname, Installation.sysctl' };
    await using learnt = await server([appliance], undefined, all);
    learnt.memory.set('nginx', { digest: 'new', leftOut: ['Installation.hostname'], applianceUri: uri });
    const later: GenerateStep[] = [];
    const again = await learnt.push({ archive: withOurs, onStep: (step) => later.push(step) });
    assert.equal(again.imported, true);
    assert.equal(String(learnt.loopback.received[2]?.body), 'a gzip tar');
    assert.ok(!later.some(({ kind }) => kind === 'leftOut'));
  });

  test('a server that says nothing of keys gets none of ours', async () => {
    await using setup = await server([]);
    await setup.push({ archive: withOurs });
    assert.equal(
      String(setup.loopback.received[2]?.body),
      'without Installation.hostname,Installation.sysctl',
    );
  });

  test('sends nothing when the server has this very content from here', async () => {
    await using setup = await server([appliance]);
    setup.memory.set('nginx', { digest: 'new', applianceUri: uri });
    assert.deepEqual(await setup.push(), { applianceUri: uri, imported: false });
    assert.equal(setup.asked().length, 1);
  });

  test('sends nothing of what was pulled and is as it was, and asks when the server’s has changed since', async () => {
    await using setup = await server([{ ...appliance, revision: 4 }]);
    const pulled = { digest: 'new', revision: 4 };
    setup.memory.set('nginx', { digest: 'other', applianceUri: uri, pulled });
    assert.equal((await setup.push()).imported, false);
    setup.memory.set('nginx', { digest: 'other', applianceUri: uri, pulled: { ...pulled, revision: 3 } });
    await assert.rejects(setup.push(), PushConflict);
  });

  test('replaces what was pushed from here when the content has changed', async () => {
    await using setup = await server([appliance]);
    setup.memory.set('nginx', { digest: 'old', applianceUri: uri });
    assert.equal((await setup.push()).imported, true);
    assert.ok(setup.asked().includes('POST imports?imported=false&force=true'));
    assert.equal(setup.memory.get('nginx')?.digest, 'new');
  });

  test('does not touch what somebody else pushed, unless it may', async () => {
    await using setup = await server([appliance]);
    await assert.rejects(
      setup.push(),
      (error) => error instanceof PushConflict && error.applianceUri === uri,
    );
    setup.memory.set('nginx', { digest: 'new', applianceUri: 'users/guest/appliances/1' });
    await assert.rejects(setup.push(), PushConflict, 'deleted and made anew by somebody else');
    assert.equal(
      setup.asked().some((each) => each.startsWith('POST')),
      false,
    );
    assert.equal((await setup.push({ mayReplace: (existing) => existing.uri === uri })).imported, true);
  });

  test('is not misled by a server that finds other appliances', async () => {
    await using setup = await server([
      { ...appliance, version: '2.0' },
      { ...appliance, name: 'nginx-old' },
    ]);
    await setup.push();
    assert.ok(setup.asked().includes('POST imports?imported=false&force=false'));
  });

  test('fails when the status of a 201 says so, and leaves no import behind', async () => {
    await using setup = await server(
      [],
      [{ error: true, errorMessage: 'No such OS.', detailedErrorMsg: 'stack' }],
    );
    await assert.rejects(
      setup.push(),
      (error) =>
        error instanceof UForgeError &&
        error.message.includes('refuses the template: No such OS.') &&
        error.detail === 'stack',
    );
    assert.equal(setup.asked().at(-1), 'DELETE imports/5');
    assert.equal(setup.memory.size, 0);
  });

  test('knows a conflict when somebody was faster', async () => {
    const errorMessage = 'An appliance with the same name and version already exists';
    await using setup = await server([], [{ error: true, errorMessage }]);
    await assert.rejects(setup.push(), PushConflict);
  });

  test('called off while the server imports, leaves no import behind', async () => {
    await using setup = await server(
      [],
      Array.from({ length: 50 }, () => ({ percentage: 1 })),
    );
    const stop = new AbortController();
    const onProgress = (): void => {
      if (setup.asked().length > 5) stop.abort(new Error('called off'));
    };
    await assert.rejects(setup.push({ signal: stop.signal, onProgress }), /called off/);
    assert.equal(setup.asked().at(-1), 'DELETE imports/5');
  });
});
