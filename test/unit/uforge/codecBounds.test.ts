import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeJson, decodeXml } from '../../../src/uforge/codec/codec.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';

const uforge = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
const image = `<ns0:image ${uforge}/>`;
const bounds = { maxLength: 2000, maxDepth: 10 };

function refuses(read: () => unknown, message: RegExp): void {
  assert.throws(
    read,
    (error) => error instanceof UForgeError && error.kind === 'protocol' && message.test(error.message),
  );
}

suite('documents made to harm', () => {
  test('a DTD is refused, and with it entities of any kind', () => {
    const laughs = '<!DOCTYPE image [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>';
    refuses(() => decodeXml(laughs + image), /DTD/);
    refuses(() => decodeXml(`<!DOCTYPE image SYSTEM "file:///etc/passwd">${image}`), /DTD/);
    refuses(
      () => decodeXml(`<ns0:image ${uforge}><distributionName>&secret;</distributionName></ns0:image>`),
      /entity/,
    );
  });

  test('what only looks like a DTD is text', () => {
    const text = `<ns0:image ${uforge}><!-- <!DOCTYPE x> --><distributionName><![CDATA[<!DOCTYPE x>]]></distributionName></ns0:image>`;
    assert.deepEqual(decodeXml(text).value, { distributionName: '<!DOCTYPE x>' });
  });

  test('depth is bounded, in unknown elements too', () => {
    const deep = (levels: number): string =>
      `<ns0:image ${uforge}>${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}</ns0:image>`;
    assert.equal(decodeXml(deep(9), bounds).root, 'image');
    refuses(() => decodeXml(deep(10), bounds), /deeper than 10/);
    refuses(() => decodeJson(`{"image":${'['.repeat(100_000)}`), /deeper/);
  });

  test('length is bounded', () => {
    refuses(() => decodeXml(image.padEnd(2001), bounds), /more than 2000 characters/);
    refuses(() => decodeJson('{"image":{}}'.padEnd(2001), bounds), /more than 2000 characters/);
  });

  test('a long document takes time in proportion', () => {
    const items = '<image><parentUri>users/guest/appliances/1</parentUri></image>'.repeat(20_000);
    const decoded = decodeXml(`<ns0:images ${uforge}><images>${items}</images></ns0:images>`);
    assert.equal(decoded.root === 'images' && decoded.value.images.length, 20_000);
  });
});

suite('documents that are none', () => {
  for (const text of [
    '',
    '   ',
    'plain',
    '<image>',
    '<a></b>',
    `${image}${image}`,
    '<x:image/>',
    '<image a="1" a="2"/>',
  ]) {
    test(`XML: ${JSON.stringify(text)}`, () => refuses(() => decodeXml(text), /refused/));
  }
  for (const text of ['', 'null', '[]', '{}', '{"image":{}', '{"image":{},"status":{}}', '"image"']) {
    test(`JSON: ${JSON.stringify(text)}`, () => refuses(() => decodeJson(text), /refused/));
  }
  test('an unknown root is named', () => {
    refuses(() => decodeXml('<html/>'), /"html" is not a root element/);
    refuses(() => decodeJson('{"constructor":{}}'), /"constructor" is not a root element/);
  });
});
