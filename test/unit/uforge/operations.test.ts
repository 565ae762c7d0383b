import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { encodeXml } from '../../../src/uforge/codec/codec.ts';
import type { RootName, TypeName } from '../../../src/uforge/dto.ts';
import { allOperations, operations, type OperationName } from '../../../src/uforge/operations.ts';
import { concreteSubtypes, rootType } from '../../../src/uforge/schema/table.ts';
import { documentedOperations, type Documented } from './documentedOperations.ts';
import { connect, listen } from './support.ts';

type AnyMethod = (...args: readonly unknown[]) => Promise<unknown>;

/** An object of that root with no more than the schema asks for: the first kind there is, and a nic's order. */
function leastOf(root: string): { readonly $type?: TypeName } {
  const type = rootType(root as RootName);
  const [kind] = concreteSubtypes(type.name);
  assert.ok(kind, root);
  const required = [...type.fields.values()].filter((field) => field.required).map(({ name }) => [name, 1]);
  return { ...(type.abstract && { $type: kind }), ...(Object.fromEntries(required) as object) };
}

/** The call's path and query with a value of its own for each parameter, which has to be encoded. */
function example({ path, query }: Documented): { params: Record<string, unknown>; url: string } {
  const params: Record<string, unknown> = {};
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'uid') return 'a%40b';
    params[name] = name === 'filepath' ? `${name}/ä b` : `${name}/ä`;
    return name === 'filepath' ? `${name}/%C3%A4%20b` : `${name}%2F%C3%A4`;
  });
  for (const name of query) params[name] = ['img', 'ai'].includes(name) ? ['x&1', 'y'] : `${name}=1`;
  const search = query.flatMap((name) =>
    Array.isArray(params[name]) ? [`${name}=x%261`, `${name}=y`] : [`${name}=${name}%3D1`],
  );
  return { params, url: search.length === 0 ? url : `${url}?${search.join('&')}` };
}

suite('every documented operation', () => {
  test('is a row, and there are no others', () => {
    assert.equal(documentedOperations.length, 190);
    assert.deepEqual(
      allOperations.map(({ name }) => name).sort(),
      documentedOperations.map(({ name }) => name).sort(),
    );
  });

  for (const documented of documentedOperations) {
    const row = operations[documented.name as OperationName];

    test(`${documented.name} is as documented`, () => {
      assert.deepEqual(
        {
          name: row.name,
          method: row.method,
          path: row.path,
          query: [...(row.query ?? [])].sort(),
          request: row.requestBytes ? 'bytes' : row.requestRoot,
          response: row.responseBytes ? 'bytes' : row.responseRoot,
          entitlements: row.entitlements ?? [],
          anonymous: row.anonymous ?? false,
        },
        {
          name: documented.name,
          method: documented.method,
          path: documented.path,
          query: [...documented.query].sort(),
          request: documented.request,
          response: documented.response,
          entitlements: documented.entitlements,
          anonymous: documented.anonymous,
        },
      );
      assert.ok(documented.codes.includes(row.success));
    });

    test(`${documented.name} is a method that asks and reads as documented`, async () => {
      const { params, url } = example(documented);
      const { request, response } = documented;
      await using server = await listen((_, answer) => {
        const status = row.success;
        if (response === undefined) answer.writeHead(status).end();
        else if (response === 'bytes') answer.writeHead(status).end('bytes');
        else {
          answer.writeHead(status, { 'content-type': 'application/xml' });
          answer.end(encodeXml(response as 'user', leastOf(response) as object));
        }
      });
      await using test = connect(server.url, { uid: 'a@b' });
      const method = (test.client as unknown as Record<string, AnyMethod>)[documented.name];
      const body = request === 'bytes' ? Buffer.from('x') : request && leastOf(request);
      const answer = await method?.(params, ...(body === undefined ? [] : [body]));
      if (response === undefined) assert.equal(answer, undefined);
      else if (response === 'bytes') assert.equal((answer as { status: number }).status, row.success);
      else assert.equal((answer as { $type?: string }).$type, leastOf(response).$type);
      const [received] = server.received;
      assert.equal(received?.method, documented.method);
      // The one parameter that is spelt in two ways is sent in both.
      const asked = received.url.replace('id=id%3D1&downloadId=id%3D1', 'id=id%3D1');
      // In the order of the documentation's parameters, which means nothing.
      assert.deepEqual(asked.split(/[?&]/).sort(), `/api${url}`.split(/[?&]/).sort());
      if (body === undefined) assert.equal(received.body.length, 0);
      else assert.match(received.body.toString(), request === 'bytes' ? /^x$/ : RegExp(`<ns0:${request}\\b`));
    });
  }
});
