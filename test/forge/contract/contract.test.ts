import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { conflicts as conflictsInDocs, noConflicts } from '../../../scripts/docs/conflicts.ts';
import { routes } from '../../../src/forge/api/routes/index.ts';
import { basicAuthorizer } from '../../../src/uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../../../src/uforge/client/client.ts';
import { requestUri } from '../../../src/uforge/client/requestUri.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { decodeAs, encode, type MediaType } from '../../../src/uforge/codec/codec.ts';
import type { DtoOfRoot, RootName } from '../../../src/uforge/dto.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { allOperations, operations, type Operation } from '../../../src/uforge/operations.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { cacheDir } from '../../support/builds.ts';
import { startDockerRegistry, type DockerRegistry } from '../../support/dockerRegistry.ts';
import {
  basic,
  element,
  errorOf,
  startForge,
  temporaryFolder,
  type Answer,
  type CallInit,
  type TestForge,
} from '../server/support.ts';
import { conflicts } from './conflicts.ts';
import { curl } from './curl.ts';
import { examples as ownExamples, type Example } from './examples.ts';
import { partExamples } from './partExamples.ts';
import { softwareExamples } from './softwareExamples.ts';
import { bare, leaveWorld, World } from './world.ts';

/** The forge and the client, held against the table of operations, one by one. */
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let registry: DockerRegistry;
let world: World;
let client: UForgeClient;
const transport = createUndiciTransport();
before(async () => {
  folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  await leaveWorld(data);
  forge = await startForge(data, ['--cache', cacheDir]);
  registry = await startDockerRegistry(() => Promise.resolve(''));
  world = new World(forge, registry.port);
  const authorizer = basicAuthorizer(forge.user, forge.password);
  client = createClient({ baseUrl: forge.url, uid: forge.user, authorizer, transport, clock: systemClock });
});
after(async () => {
  await transport[Symbol.asyncDispose]();
  await forge[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const examples: Readonly<Record<string, ((world: World) => Example | Promise<Example>) | undefined>> = {
  ...ownExamples,
  ...partExamples,
  ...softwareExamples,
};

const served = allOperations.filter(({ name }) => routes[name] !== undefined);

async function exampleOf(operation: Operation): Promise<Example> {
  const make = examples[operation.name];
  assert.ok(make, `there is no example of ${operation.name}`);
  return await make(world);
}

/** One call as the documentation shows it. */
async function callByCurl(
  { name, method, requestRoot }: Operation,
  { params = {}, body, bytes }: Example,
  mediaType: MediaType,
): Promise<Answer> {
  const text =
    requestRoot === undefined || body === undefined
      ? undefined
      : encode(requestRoot, body as DtoOfRoot<RootName>, mediaType);
  const sent = text ?? bytes;
  const type = requestRoot ? mediaType : 'application/octet-stream';
  const path = `/${requestUri(operations[name], forge.user, params)}`;
  return await curl(forge, method, path, mediaType, sent === undefined ? undefined : { type, body: sent });
}

/** One call by fetch. */
async function call(
  operation: Operation,
  { params = {}, body, bytes }: Example,
  mediaType: MediaType,
  { headers, uid = forge.user, ...init }: CallInit & { readonly uid?: string } = {},
): Promise<Answer> {
  const { requestRoot } = operation;
  const text = requestRoot && body && encode(requestRoot, body as DtoOfRoot<RootName>, mediaType);
  const sent = text ?? bytes;
  return await forge.call(operation.method, `/${requestUri(operation, uid, params)}`, {
    headers: {
      accept: mediaType,
      'content-type': requestRoot ? mediaType : 'application/octet-stream',
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
    ...init,
  });
}

/** By the client's method of that name. */
async function callClient(
  { name, requestRoot, requestBytes }: Operation,
  example: Example,
): Promise<unknown> {
  const method = client[name] as unknown as (...args: readonly unknown[]) => Promise<unknown>;
  const { params = {}, body, bytes } = example;
  return await (requestRoot || requestBytes ? method(params, body ?? bytes) : method(params));
}

/** What each answer must have, whatever it says. */
function checkHeaders({ headers }: Answer, mediaType: MediaType): void {
  assert.match(headers.get('version') ?? '', /^3\.8\./);
  assert.match(headers.get('template-keys') ?? '', /\bInstallation\.hostname, /);
  assert.equal(headers.get('content-language'), 'en');
  assert.equal(headers.get('content-type'), mediaType);
}

function idsOf({ path }: Operation): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !['uid', 'fileName', 'filepath'].includes(name));
}

const both: readonly MediaType[] = ['application/xml', 'application/json'];

for (const operation of allOperations.filter(({ name }) => routes[name] === undefined)) {
  test(`${operation.name} is not served, and says so`, async () => {
    const { method, name, path } = operation;
    const uri = path.replace('{uid}', forge.user).replace(/\{\w+\}/g, '1');
    const { headers, text, status } = await forge.call(method, uri);
    assert.equal(status, 501);
    assert.equal(element(text, 'parameter'), name);
    assert.match(headers.get('content-type') ?? '', /xml/);
  });
}

for (const operation of served) {
  const { name, method, path, responseRoot, requestRoot, anonymous, entitlements = [] } = operation;
  suite(name, () => {
    test('is answered to the client, and to curl as documented, in XML and in JSON', async () => {
      const { status: expected = operation.success } = await exampleOf(operation);
      const fromClient = await callClient(operation, await exampleOf(operation)).catch((error: unknown) => {
        assert.ok(error instanceof UForgeError, String(error));
        assert.equal(error.status, expected, error.message);
        return error;
      });
      assert.equal(fromClient instanceof UForgeError, expected >= 400);
      for (const mediaType of both) {
        const answer = await callByCurl(operation, await exampleOf(operation), mediaType);
        assert.equal(answer.status, expected, answer.text);
        const root = expected >= 400 ? 'uforgeError' : responseRoot;
        if (root === undefined) continue;
        checkHeaders(answer, mediaType);
        const value = decodeAs(root, answer.text, mediaType);
        assert.equal(encode(root, value, mediaType), answer.text, 'the answer is what its DTO writes');
      }
    });

    test('refuses strangers, other users and those who are not entitled', async () => {
      const example = await exampleOf(operation);
      const as = (init: Parameters<typeof call>[3]) => call(operation, example, 'application/xml', init);
      // A wrong password is no cheaper to refuse than a right one to check, so it is not tried with each.
      const wrong = await as({ authorization: 'Basic bm9uZQ==' });
      errorOf(wrong, 401, 'ERROR.AUTHENTICATION.INVALID');
      assert.match(wrong.headers.get('www-authenticate') ?? '', /^Basic /);
      if (!anonymous) errorOf(await as({ authorization: null }), 401, 'ERROR.AUTHENTICATION.INVALID');
      const asBare = { authorization: basic(bare.login, bare.password) };
      if (path.includes('{uid}')) errorOf(await as(asBare), 403, 'ERROR.AUTHORIZATION.OTHER_USER');
      if (entitlements.length === 0) return;
      const refused = await as({ ...asBare, uid: bare.login });
      errorOf(refused, 403, 'ERROR.AUTHORIZATION.ENTITLEMENT');
      for (const each of entitlements)
        assert.ok(refused.text.includes(`<parameter>${each}</parameter>`), each);
    });

    test('finds nothing where there is nothing', async () => {
      const ids = idsOf(operation);
      if (ids.length === 0) return;
      // What isn't found uses nothing up.
      const example = await exampleOf(operation);
      for (const id of ids) {
        for (const [index, value] of ['999999', 'x'].entries()) {
          const params = { ...example.params, [id]: value };
          const answer = await call(operation, { ...example, params }, both[index] ?? 'application/xml');
          assert.equal(answer.status, 404, `${id}=${value}: ${answer.text}`);
        }
      }
    });

    test('refuses what it can’t answer in, what it can’t read, and other methods', async () => {
      const example = await exampleOf(operation);
      if (responseRoot !== undefined) {
        const accept = { headers: { accept: 'image/png' } };
        const { text, status } = await call(operation, example, 'application/xml', accept);
        assert.equal(status, 406, text);
      }
      if (requestRoot !== undefined && example.status === undefined) {
        const plain = { headers: { 'content-type': 'text/plain' } };
        errorOf(await call(operation, example, 'application/xml', plain), 415, 'ERROR.REQUEST.MEDIA_TYPE');
        for (const body of ['', '<', '{}', '<ns0:user xmlns:ns0="http://www.usharesoft.com/uforge"/>']) {
          errorOf(await call(operation, example, 'application/xml', { body }), 400, 'ERROR.REQUEST.BODY');
        }
      }
      const uri = `/${requestUri(operation, forge.user, example.params ?? {}).replace(/\?.*/, '')}`;
      const options = await forge.call('OPTIONS', uri);
      assert.equal(options.status, 204);
      const allow = options.headers.get('allow')?.split(', ') ?? [];
      assert.ok(allow.includes(method), `${allow.join()} has no ${method}`);
      assert.equal(allow.includes('HEAD'), allow.includes('GET'));
      const patched = await forge.call('PATCH', uri);
      errorOf(patched, 405, 'ERROR.REQUEST.METHOD');
      assert.deepEqual(patched.headers.get('allow')?.split(', '), allow);
    });

    const conflict = conflicts[name];
    if (conflict !== undefined) {
      test('is 409 where it can’t be', async () => {
        await assert.rejects(
          async () => await callClient(operation, await conflict(world)),
          (error) => error instanceof UForgeError && error.kind === 'conflict' && error.status === 409,
        );
        for (const mediaType of both) {
          const answer = await call(operation, await conflict(world), mediaType);
          assert.equal(answer.status, 409, answer.text);
          const { localizedErrorMsg } = decodeAs('uforgeError', answer.text, mediaType);
          assert.match(localizedErrorMsg?.messageId ?? '', /^ERROR\./);
          assert.notEqual(localizedErrorMsg?.message ?? '', '');
        }
      });
    }

    if (method === 'GET') {
      test('is not sent again to who has it, and HEAD is the same without a body', async () => {
        const example = await exampleOf(operation);
        if (example.status !== undefined) return;
        for (const mediaType of both) {
          const first = await call(operation, example, mediaType);
          const etag = first.headers.get('etag') ?? '';
          if (responseRoot !== undefined) {
            assert.match(etag, /^"[0-9a-f]{32}"$/, 'strong');
            const digest = /^.{0,400}?<digest>(\w+)/s.exec(first.text)?.[1];
            if (digest !== undefined && !responseRoot.endsWith('s')) assert.equal(etag, `"${digest}"`);
          }
          const had = await call(operation, example, mediaType, { headers: { 'if-none-match': etag } });
          assert.deepEqual([had.status, had.text], [304, '']);
          assert.equal(had.headers.get('etag'), etag);
          const other = {
            headers: { 'if-none-match': '"0"', 'if-modified-since': new Date().toUTCString() },
          };
          assert.equal((await call(operation, example, mediaType, other)).status, 200, 'the ETag decides');
          const head = await call({ ...operation, method: 'HEAD' as 'GET' }, example, mediaType);
          assert.deepEqual([head.status, head.text], [200, '']);
          for (const header of ['etag', 'content-length', 'content-type', 'last-modified']) {
            if (header !== 'last-modified')
              assert.equal(head.headers.get(header), first.headers.get(header), header);
          }
          const isDated =
            responseRoot !== undefined && !['packages', 'package', 'serviceStatus'].includes(responseRoot);
          assert.ok(!isDated || first.headers.has('last-modified'));
          if (first.headers.get('last-modified') === null) continue;
          const since = { headers: { 'if-modified-since': first.headers.get('last-modified') ?? '' } };
          const later = { headers: { 'if-modified-since': new Date().toUTCString() } };
          const old = { headers: { 'if-modified-since': new Date(0).toUTCString() } };
          assert.equal((await call(operation, example, mediaType, later)).status, 304);
          assert.equal((await call(operation, example, mediaType, old)).status, 200);
          assert.ok([200, 304].includes((await call(operation, example, mediaType, since)).status));
        }
      });
    }

    if (operation.query?.includes('offset')) {
      test('is searched, ordered and paged', async () => {
        const example = await exampleOf(operation);
        const ask = (query: Readonly<Record<string, string | number | boolean>>) =>
          call(operation, { ...example, params: { ...example.params, ...query } }, 'application/xml');
        if (example.status === undefined) {
          const total = element((await ask({})).text, 'total');
          for (const query of [{ count: 0 }, { offset: 9999 }, { count: 1, offset: 1, descending: true }]) {
            const { status, text } = await ask({ ...query, orderBy: 'name' });
            assert.equal(status, 200, text);
            assert.equal(element(text, 'total'), total, 'total is what there is, on every page');
          }
          for (const query of ["name=='%'", "(dbId=gt=0,name!=x);name==*'*'", "a.b.c=='ä'"]) {
            assert.equal((await ask({ query: query.replace("*'*'", "'*'") })).status, 200, query);
          }
        }
        const asked: readonly Readonly<Record<string, string>>[] = [
          { count: '-1' },
          { offset: 'x' },
          { descending: 'maybe' },
        ];
        for (const query of example.status === undefined ? asked : []) {
          errorOf(await ask(query), 400, 'ERROR.REQUEST.QUERY');
        }
        if (example.status === undefined) {
          const wrong = errorOf(await ask({ query: "name=='a" }), 400, 'ERROR.REQUEST.QUERY');
          assert.match(wrong, /character \d+/, 'with the position');
        }
      });
    }
  });
}

test('what is 409 is what the docs say, and each POST either can be or says why not', () => {
  assert.deepEqual(Object.keys(conflicts).sort(), Object.keys(conflictsInDocs).sort());
  for (const { name, method } of served) {
    const can = Object.hasOwn(conflictsInDocs, name);
    const says = Object.hasOwn(noConflicts, name);
    assert.ok(method === 'POST' ? can !== says : !says, name);
  }
});

test('nothing of it was unexpected to the forge', () => {
  assert.equal(forge.errors(), '');
});

test('the status is plain text to who wants that', async () => {
  const { headers, text } = await forge.call('GET', '/status', {
    headers: { accept: 'text/plain' },
    authorization: null,
  });
  assert.equal(headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.match(text, /^alive=true\nversion=3\.8\.\d+\nserviceLoad=\d+\n$/);
});
