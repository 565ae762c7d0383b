import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { decodeJson, decodeXml, encodeJson, encodeXml } from '../../../src/uforge/codec/codec.ts';
import type { RootName } from '../../../src/uforge/dto.ts';
import { elements } from '../../../src/uforge/schema/elements.ts';
import { anyString, Dtos } from './properties.ts';

suite('any DTO', () => {
  const dtos = new Dtos();

  for (const root of Object.keys(elements) as RootName[]) {
    test(`${root} survives XML and JSON`, () => {
      fc.assert(
        fc.property(dtos.ofRoot(root, 1), (value) => {
          // Any root will do for the compiler, which can't follow a loop over all of them.
          const name = root as 'image';
          assert.deepEqual(decodeXml(encodeXml(name, value)), { root, value, problems: [] });
          assert.deepEqual(decodeJson(encodeJson(name, value)), { root, value, problems: [] });
        }),
        { numRuns: 8 },
      );
    });
  }

  test('goes deep: an image with its install profile, partitions and users', () => {
    fc.assert(
      fc.property(dtos.ofRoot('image', 4), (value) => {
        assert.deepEqual(decodeXml(encodeXml('image', value)).value, value);
        assert.deepEqual(decodeJson(encodeJson('image', value)).value, value);
      }),
      { numRuns: 20 },
    );
  });
});

suite('any text', () => {
  const readable = (text: string): string =>
    // eslint-disable-next-line no-control-regex -- these are the ones meant
    text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD');

  test('survives XML but for what XML can not say, and JSON but for half characters', () => {
    fc.assert(
      fc.property(anyString, (name) => {
        assert.deepEqual(decodeXml(encodeXml('appliance', { name })).value, { name: readable(name) });
        assert.deepEqual(decodeJson(encodeJson('appliance', { name })).value, { name: name.toWellFormed() });
      }),
      { numRuns: 500 },
    );
  });

  test('that is no document is refused in our words, whatever it is', () => {
    const pieces = fc.constantFrom(
      ...[
        '<a>',
        '</a>',
        '<',
        '>',
        '&',
        '&lt;',
        ']]>',
        '<![CDATA[',
        '<!--',
        '-->',
        '<?x?>',
        '{',
        '}',
        '"a":',
        '[',
        ']',
      ],
      ...['<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge">', '</ns0:image>', '"image"', 'null', '1'],
    );
    const text = fc.oneof(
      anyString,
      fc.array(fc.oneof(pieces, anyString)).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (document) => {
        for (const decode of [decodeXml, decodeJson]) {
          try {
            decode(document);
          } catch (error) {
            assert.equal((error as { kind?: unknown }).kind, 'protocol', String(error));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
