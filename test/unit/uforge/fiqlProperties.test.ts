import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { fiqlAll, fiqlAny, fiqlEquals, parseFiql } from '../../../src/uforge/fiql.ts';
import { matchesFiql } from '../../../src/uforge/fiqlMatch.ts';
import { operations } from '../../../src/uforge/operations.ts';
import { requestUri } from '../../../src/uforge/client/requestUri.ts';
import { anyString } from './properties.ts';

/** As a server gets it: through the request's URI. */
function received(query: string): string {
  const uri = requestUri(operations.appliance_getAll, 'guest', { query });
  return new URL(uri, 'http://127.0.0.1/api/').searchParams.get('query') ?? '';
}

suite('any string as the name of an appliance', () => {
  test('finds that appliance and no other', () => {
    fc.assert(
      fc.property(anyString, anyString, anyString, (name, other, version) => {
        const query = parseFiql(fiqlAll(fiqlEquals('name', name), fiqlEquals('version', version)));
        assert.ok(matchesFiql(query, { name, version }));
        assert.equal(matchesFiql(query, { name: other, version }), other === name);
      }),
      { numRuns: 1000 },
    );
  });

  test('finds it over the wire, but for halves of characters, which no URI can hold', () => {
    fc.assert(
      fc.property(anyString, anyString, (text, other) => {
        const name = text.toWellFormed();
        const query = parseFiql(received(fiqlEquals('name', text)));
        assert.ok(matchesFiql(query, { name }));
        assert.equal(matchesFiql(query, { name: other }), other === name);
      }),
      { numRuns: 1000 },
    );
  });

  test('can be one of many', () => {
    fc.assert(
      fc.property(fc.array(anyString, { minLength: 1, maxLength: 5 }), anyString, (names, other) => {
        const query = parseFiql(fiqlAny(...names.map((name) => fiqlEquals('targetFormat.name', name))));
        for (const name of names) assert.ok(matchesFiql(query, { targetFormat: { name } }));
        assert.equal(matchesFiql(query, { targetFormat: { name: other } }), names.includes(other));
      }),
    );
  });
});

suite('any string as a query', () => {
  test('is understood, or refused at a place in it', () => {
    const token = fc.constantFrom(
      ...['name', 'a.b', '==', '!=', '=lt=', ';', ',', '(', ')', "'", '"', '*', '\\', ' ', "'x'", '42'],
    );
    const text = fc.oneof(
      anyString,
      fc.array(token).map((tokens) => tokens.join('')),
    );
    fc.assert(
      fc.property(text, (query) => {
        try {
          matchesFiql(parseFiql(query), { name: 'x', a: [{ b: 1 }] });
        } catch (error) {
          assert.ok(error instanceof UForgeError && error.kind === 'invalid', String(error));
          const at = Number(/wrong at character (\d+)/.exec(error.message)?.[1]);
          assert.ok(at >= 1 && at <= query.length + 1, error.message);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
