import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  decodeAs,
  decodeJson,
  decodeXml,
  encodeJson,
  encodeXml,
  mediaTypeOf,
} from '../../../src/uforge/codec/codec.ts';
import type { Appliance, Image } from '../../../src/uforge/dto.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const uforge = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** Every kind of value there is. */
const image: Image = {
  installProfile: { nics: [{ order: 1 }, { order: 2 }], memorySize: 512, seLinuxMode: 'permissive' },
  compress: true,
  dbId: 9007199254740993n,
  size: -9223372036854775808n,
  created: new Date('2018-04-17T07:45:32.123Z'),
  targetFormat: { name: 'Virtual <Box> & "more" ]]> é 🔨' },
  status: { percentage: 62, message: 'Installing\n\tdistribution\r\n' },
};

suite('writing XML', () => {
  test('the documented request, to the letter', () => {
    const request: Image = {
      installProfile: { memorySize: 512 },
      targetFormat: { name: 'VirtualBox' },
      compress: true,
    };
    assert.equal(
      encodeXml('image', request),
      `${declaration}<ns0:image ${uforge}><compress>true</compress><targetFormat><name>VirtualBox</name></targetFormat>` +
        '<installProfile><memorySize>512</memorySize></installProfile></ns0:image>',
    );
  });

  test('inherited elements first, whatever the order of the object', () => {
    const names = [...encodeXml('image', image).matchAll(/<(\w+)>/g)].map(([, name]) => name);
    const top = ['created', 'dbId', 'size', 'status', 'compress', 'targetFormat', 'installProfile'];
    assert.deepEqual(
      names.filter((name) => top.includes(name ?? '')),
      top,
    );
  });

  test('a list in its wrapper, an empty one too', () => {
    const text = encodeXml('images', { total: 1, images: [{ dbId: 4 }] });
    assert.ok(text.endsWith('><total>1</total><images><image><dbId>4</dbId></image></images></ns0:images>'));
    assert.ok(encodeXml('images', { total: 0, images: [] }).endsWith('<images/></ns0:images>'));
  });

  test('xsi:type where the schema names a more general type', () => {
    const text = encodeXml('distribProfile', { $type: 'LinuxProfile', name: 'Minimal' });
    assert.ok(text.includes(`<ns0:distribProfile ${uforge} ${xsi} xsi:type="ns0:LinuxProfile">`), text);
  });

  test('characters XML has no way to write become the replacement character', () => {
    const text = encodeXml('status', { message: 'a\u001B[31mb\uD800c' });
    assert.ok(text.includes('<message>a\uFFFD[31mb\uFFFDc</message>'), text);
  });

  for (const [what, dto, message] of [
    [
      'an element the schema does not have',
      { compressed: true },
      /image\/compressed is not an element of Image/,
    ],
    [
      'a wrong value',
      { installProfile: { memorySize: '512MB' } },
      /image\/installProfile\/memorySize is not a valid long/,
    ],
    ['a long beyond 64 bits', { dbId: 2n ** 63n }, /image\/dbId is not a valid long/],
    ['an inexact long', { dbId: 2 ** 53 }, /image\/dbId is not a valid long/],
    [
      'a missing element',
      { installProfile: { nics: [{ name: 'a' }] } },
      /image\/installProfile\/nics\/nic\/order is missing/,
    ],
    ['an abstract type', { credAccount: { name: 'a' } }, /image\/credAccount is an abstract CredAccount/],
    [
      'a type that is none of the declared',
      { credAccount: { $type: 'Image' } },
      /not a concrete kind of CredAccount/,
    ],
    ['an object for a list', { installProfile: { nics: {} } }, /image\/installProfile\/nics is not an array/],
  ] as const) {
    test(`refuses ${what}, and says where`, () => {
      assert.throws(
        () => encodeXml('image', dto as unknown as Image),
        (error) => error instanceof UForgeError && error.kind === 'invalid' && message.test(error.message),
      );
    });
  }
});

suite('the ends of a type', () => {
  test('are written and read', () => {
    const order = -(2 ** 31);
    assert.deepEqual(decodeXml(encodeXml('nic', { order })).value, { order });
    assert.deepEqual(decodeJson(encodeJson('nic', { order })).value, { order });
    const lastModified = new Date('9999-12-31T23:59:59.999Z');
    assert.deepEqual(decodeXml(encodeXml('image', { lastModified })).value, { lastModified });
    assert.deepEqual(decodeJson('{"nic":{"order":-0}}').value, { order: 0 });
    assert.deepEqual(decodeJson('{"voteStat":{"rating":-0}}').value, { rating: -0 });
  });

  test('and what is beyond them is not', () => {
    assert.throws(() => encodeXml('nic', { order: 2 ** 31 }), /nic\/order is not a valid int/);
    assert.throws(() => encodeXml('nic', { order: -(2 ** 31) - 1 }), /nic\/order is not a valid int/);
    for (const lastModified of [new Date('+010000-01-01T00:00:00Z'), new Date('-000001-01-01T00:00:00Z')]) {
      assert.throws(
        () => encodeXml('image', { lastModified }),
        /image\/lastModified is not a valid dateTime/,
      );
    }
  });
});

suite('reading', () => {
  test('what was written, both ways, value for value', () => {
    const expected = { root: 'image', value: image, problems: [] };
    assert.deepEqual(decodeXml(encodeXml('image', image)), expected);
    assert.deepEqual(decodeJson(encodeJson('image', image)), expected);
  });

  test('lists of URIs and bytes', () => {
    const appliance: Appliance = { imageUris: ['users/a/appliances/1/images/2', 'users/b'] };
    assert.deepEqual(decodeXml(encodeXml('appliance', appliance)).value, appliance);
    assert.deepEqual(decodeJson(encodeJson('appliance', appliance)).value, appliance);
    const certificate = { content: new Uint8Array([0, 255, 16]) };
    assert.deepEqual(decodeXml(encodeXml('certificate', certificate)).value, certificate);
  });

  test('any order, any prefix, comments and CDATA', () => {
    const text = `<u:image xmlns:u="http://www.usharesoft.com/uforge"><!-- x --><installProfile>
      <memorySize> 512 </memorySize></installProfile><compress>1</compress>
      <targetFormat><name>a<![CDATA[<&>]]>b</name></targetFormat></u:image>`;
    assert.deepEqual(decodeXml(text).value, {
      installProfile: { memorySize: 512 },
      compress: true,
      targetFormat: { name: 'a<&>b' },
    });
  });

  test('unknown elements and values are passed over, and said', () => {
    const text = `<ns0:disk ${uforge}><name>sdi</name><newer><a>1</a></newer><size>512MB</size></ns0:disk>`;
    const { value, problems } = decodeXml(text);
    assert.deepEqual(value, { name: 'sdi' });
    assert.deepEqual(
      problems.map(({ kind, path }) => [kind, path]),
      [
        ['unknownElement', 'disk/newer'],
        ['badValue', 'disk/size'],
      ],
    );
  });

  test('one item is a list, none is an empty list, a repeated element counts once', () => {
    const one = decodeAs(
      'images',
      `<ns0:images ${uforge}><images><image/></images></ns0:images>`,
      'application/xml',
    );
    assert.deepEqual(one.images, [{}]);
    assert.deepEqual(decodeAs('images', `<ns0:images ${uforge}/>`, 'application/xml').images, []);
    const { value, problems } = decodeXml(`<ns0:disk ${uforge}><name>sda</name><name>sdb</name></ns0:disk>`);
    assert.deepEqual(value, { name: 'sdb' });
    assert.equal(problems[0]?.kind, 'repeatedElement');
  });

  test('the concrete type behind xsi:type, an unknown one as the declared', () => {
    const account = (type: string): string =>
      `<ns0:credAccount ${uforge} ${xsi} xsi:type="ns0:${type}"><accessKeyId>k</accessKeyId><name>n</name></ns0:credAccount>`;
    assert.deepEqual(decodeXml(account('CredAccountAws')).value, {
      $type: 'CredAccountAws',
      accessKeyId: 'k',
      name: 'n',
    });
    const unknown = decodeXml(account('CredAccountNew'));
    assert.deepEqual(unknown.value, { name: 'n' });
    assert.deepEqual(
      unknown.problems.map(({ kind }) => kind),
      ['unknownType', 'unknownElement'],
    );
  });

  test('a nil element is absent', () => {
    assert.deepEqual(decodeXml(`<ns0:nic ${uforge} ${xsi}><order xsi:nil="true"/></ns0:nic>`).value, {});
  });

  test('a wrong namespace is a problem, not a failure', () => {
    assert.deepEqual(
      decodeXml('<image><compress>true</compress></image>').problems.map(({ kind }) => kind),
      ['namespace'],
    );
  });

  test('control characters of a build log cost a character, not the answer', () => {
    const text = `<ns0:status ${uforge}><detailedErrorMsg>a\u001B[31m &#x1b;b</detailedErrorMsg><error>true</error></ns0:status>`;
    const value = decodeAs('status', text, 'application/xml');
    assert.equal(value.error, true);
    assert.match(value.detailedErrorMsg ?? '', /^a.*b$/s);
  });

  test('dates without a zone are UTC', () => {
    const text = `<ns0:status ${uforge}><eta>2017-03-27T11:31:00</eta><created>2017-03-27T11:31:00+02:00</created></ns0:status>`;
    const value = decodeAs('status', text, 'application/xml');
    assert.equal(value.eta?.toISOString(), '2017-03-27T11:31:00.000Z');
    assert.equal(value.created?.toISOString(), '2017-03-27T09:31:00.000Z');
  });

  test('items without the list around them, as samples of the documentation have them', () => {
    const text =
      '<disk xmlns:ns0="http://www.usharesoft.com/uforge"><name>sda</name><partition><size>256</size></partition><partition><size>64</size></partition></disk>';
    const { value, problems } = decodeXml(text);
    assert.deepEqual(value, { name: 'sda', partitions: [{ size: 256 }, { size: 64 }] });
    assert.deepEqual(
      problems.map(({ kind, path }) => [kind, path]),
      [
        ['namespace', 'disk'],
        ['bareItem', 'disk/partition'],
      ],
    );
  });

  test('JSON as other servers may write it: null, numbers as text, one item without its array', () => {
    const text =
      '{"images":{"total":"2","images":{"image":{"dbId":9007199254740993,"name":null,"colour":1,"compress":"true"}}}}';
    assert.deepEqual(decodeJson(text), {
      root: 'images',
      value: { total: 2, images: [{ dbId: 9007199254740993n, compress: true }] },
      problems: [
        {
          kind: 'unknownElement',
          path: 'images/images/image/colour',
          message: '"colour" is not an element of Image.',
        },
      ],
    });
  });

  test('JSON as people write it: arrays without the wrappers UForge has around them', () => {
    const text = '{"installProfile":{"users":[{"name":"joe"},{"name":"ann"}],"nics":{"nic":[{"order":1}]}}}';
    const { value, problems } = decodeJson(text);
    assert.deepEqual(value, { nics: [{ order: 1 }], users: [{ name: 'joe' }, { name: 'ann' }] });
    assert.deepEqual(new Set(problems.map(({ kind }) => kind)), new Set(['bareItem']));
  });

  test('JSON as UForge writes it: native values, wrappers with arrays', () => {
    assert.equal(
      encodeJson('images', {
        total: 1,
        images: [{ dbId: 9007199254740993n, compress: false, installProfile: { nics: [] } }],
      }),
      '{"images":{"total":1,"images":{"image":[{"dbId":9007199254740993,"compress":false,"installProfile":{"nics":{"nic":[]}}}]}}}',
    );
  });

  test('members that are no elements do not reach the object', () => {
    const { value } = decodeJson('{"image":{"__proto__":{"compress":true},"constructor":1}}');
    assert.deepEqual(Object.keys(value), []);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
  });
});

test('media types, with parameters and suffixes', () => {
  assert.equal(mediaTypeOf('application/xml; charset=UTF-8'), 'application/xml');
  assert.equal(mediaTypeOf('application/vnd.uforge+json'), 'application/json');
  assert.equal(mediaTypeOf('text/html'), undefined);
  assert.equal(mediaTypeOf(undefined), undefined);
});
