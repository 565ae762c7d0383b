import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { imageRequestOf, parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { encodeXml } from '../../../src/uforge/codec/codec.ts';
import { marked } from './support.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** The request of the API's own page, to the letter. */
const documented = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<ns0:image ${ns}>
  <compress>true</compress>
  <targetFormat>
    <name>VirtualBox</name>
  </targetFormat>
  <installProfile>
    <memorySize>512</memorySize>
  </installProfile>
</ns0:image>
`;

function problemsOf(text: string): string[] {
  return parseRepresentation(text).problems.map((problem) => marked(problem, text));
}

/** A request that is right but for `inside`. */
function image(inside: string): string {
  return `<ns0:image ${ns}><compress>true</compress><targetFormat><name>Raw Virtual Disk</name></targetFormat>\n${inside}</ns0:image>`;
}

suite('a request body', () => {
  test('as documented is the request it says', () => {
    const read = parseRepresentation(documented);
    assert.deepEqual(read.problems, []);
    assert.deepEqual(imageRequestOf(read), {
      compress: true,
      targetFormat: { name: 'VirtualBox' },
      installProfile: { memorySize: 512 },
    });
  });

  test('in another order is warned about, and sent in the schema’s', () => {
    const text = documented
      .replace('  <compress>true</compress>\n', '')
      .replace('</ns0:image>', '<compress>true</compress></ns0:image>');
    assert.deepEqual(problemsOf(text), ['9:2 warning wrong-order «compress»']);
    const sent = encodeXml('image', imageRequestOf(parseRepresentation(text))!);
    assert.ok(sent.indexOf('<compress>') < sent.indexOf('<targetFormat>'));
  });

  test('keeps lists, dates and numbers beyond 2^53', () => {
    const read = parseRepresentation(
      image(
        '<installProfile><diskSize>9007199254740993</diskSize><nics><nic><order>1</order></nic><nic><order>2</order></nic></nics></installProfile>',
      ),
    );
    assert.deepEqual(imageRequestOf(read)?.installProfile, {
      diskSize: 9007199254740993n,
      nics: [{ order: 1 }, { order: 2 }],
    });
  });

  test('of another operation is read too', () => {
    const read = parseRepresentation(`<ns0:apiKeyPair ${ns}><name>ci</name></ns0:apiKeyPair>`);
    assert.deepEqual([read.root, read.dto, read.problems], ['apiKeyPair', { name: 'ci' }, []]);
    assert.equal(imageRequestOf(read), undefined);
  });
});

suite('a request body that is wrong', () => {
  test('in its namespace says how the root is written', () => {
    assert.deepEqual(
      problemsOf('<image><targetFormat><name>ISO</name></targetFormat><compress>true</compress></image>'),
      ['1:2 wrong-namespace «image»', '1:54 warning wrong-order «compress»'],
    );
    assert.equal(
      problemsOf(documented.replace('usharesoft.com', 'usharesoft.org'))[0],
      '2:12 wrong-namespace «xmlns:ns0="http://www.usharesoft.org/uforge"»',
    );
    const byDefault = documented.replaceAll('ns0:image', 'image').replace('xmlns:ns0', 'xmlns');
    assert.deepEqual(problemsOf(byDefault), [
      '2:8 wrong-namespace «xmlns="http://www.usharesoft.com/uforge"»',
    ]);
    const prefixed = documented.replaceAll('compress>', 'ns0:compress>');
    assert.deepEqual(problemsOf(prefixed), ['3:4 wrong-namespace «ns0:compress»']);
  });

  test('in an element’s name says which was meant', () => {
    const text = image('<instalProfile/>');
    const { problems } = parseRepresentation(text);
    assert.deepEqual(
      problems.map((problem) => marked(problem, text)),
      ['2:2 unknown-element «instalProfile»'],
    );
    assert.match(problems[0]?.message ?? '', /Did you mean “installProfile”\?/);
    assert.match(
      parseRepresentation(`<ns0:imgae ${ns}/>`).problems[0]?.message ?? '',
      /Did you mean “image”\?/,
    );
  });

  test('in a value marks the value', () => {
    const text = image(
      '<simulated>yes</simulated><installProfile>\n<keyboard>bg_pho-utf8</keyboard> <memorySize>  512MB </memorySize></installProfile>',
    );
    assert.deepEqual(problemsOf(text), [
      '2:12 bad-value «yes»',
      '2:28 warning wrong-order «installProfile»',
      '3:11 bad-value «bg_pho-utf8»',
      '3:48 bad-value «512MB»',
    ]);
    assert.deepEqual(problemsOf(image('<created>yesterday</created>')).slice(0, 1), [
      '2:2 warning wrong-order «created»',
    ]);
    assert.deepEqual(problemsOf(image('<revision>3000000000</revision>')), ['2:11 bad-value «3000000000»']);
    assert.deepEqual(problemsOf(image('<simulated/>')), ['2:2 bad-value «simulated»']);
  });

  test('without a target format is not sent', () => {
    const without = `<ns0:image ${ns}><compress>true</compress></ns0:image>`;
    assert.deepEqual(problemsOf(without), ['1:2 missing-target-format «ns0:image»']);
    assert.equal(parseRepresentation(without).dto, undefined);
    assert.deepEqual(problemsOf(documented.replace('VirtualBox', ' ')), ['5:6 missing-target-format «name»']);
  });

  test('in its structure says what belongs where', () => {
    assert.deepEqual(problemsOf(image('<installProfile><nic/></installProfile>')), [
      '2:18 unknown-element «nic»',
    ]);
    assert.deepEqual(problemsOf(image('<installProfile><nics><disk/><nic/></nics></installProfile>')), [
      '2:24 unknown-element «disk»',
      '2:31 missing-element «nic»',
    ]);
    assert.deepEqual(problemsOf(image('<installProfile>512</installProfile>')), [
      '2:17 unexpected-text «512»',
    ]);
    assert.deepEqual(problemsOf(image('<entrypoint><a/></entrypoint>')), ['2:14 unknown-element «a»']);
    assert.deepEqual(problemsOf(image('<entrypoint>a</entrypoint><entrypoint>b</entrypoint>')), [
      '2:28 repeated-element «entrypoint»',
    ]);
  });

  test('in xsi:type says which kinds there are', () => {
    const publish = (attributes: string): string[] =>
      problemsOf(`<ns0:publishImage ${ns} ${xsi} ${attributes}></ns0:publishImage>`);
    assert.deepEqual(publish('xsi:type="ns0:PublishImageAws"'), []);
    assert.match(publish('')[0] ?? '', /missing-type «ns0:publishImage»/);
    assert.match(publish('xsi:type="PublishImageAws"')[0] ?? '', /bad-type «xsi:type="PublishImageAws"»/);
    assert.match(publish('xsi:type="ns0:Nic"')[0] ?? '', /bad-type/);
  });

  test('in its XML says what is open since when, and never reads a DTD', () => {
    assert.deepEqual(problemsOf(`<ns0:image ${ns}>\n<compress>true\n</ns0:image>`), [
      '3:1 not-well-formed «</ns0:image>»',
    ]);
    const open = parseRepresentation('<a>\n<b>').problems.map(({ message }) => message);
    assert.ok(
      open.some((message) => message.includes('<b> of line 2 is not closed')),
      open.join('\n'),
    );
    assert.deepEqual(problemsOf(image('<entrypoint>&custom;</entrypoint>')), [
      '2:13 not-well-formed «&custom;»',
    ]);
    assert.deepEqual(
      problemsOf('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>').map((each) => each.split(' ')[1]),
      ['doctype'],
    );
    assert.deepEqual(problemsOf('').length, 1);
    assert.deepEqual(problemsOf('hello').length, 1);
    const deep = parseRepresentation(`${'<a>'.repeat(200)}${'</a>'.repeat(200)}`);
    assert.equal(deep.problems[0]?.code, 'too-large');
  });

  test('may still be doubtful: not compressed, only simulated, sizes in bytes', () => {
    assert.deepEqual(problemsOf(documented.replace('>true<', '>false<')), [
      '3:13 warning not-downloadable «false»',
    ]);
    assert.deepEqual(problemsOf(image('<simulated>true</simulated>')), ['2:12 warning simulated «true»']);
    assert.deepEqual(problemsOf(documented.replace('512', String(512 * 1024 ** 3))), [
      '8:17 warning implausible-size «549755813888»',
    ]);
  });

  test('with Windows line ends and characters beyond the first plane has the right positions', () => {
    const text = image('<entrypoint>😀</entrypoint> <foo/>').replaceAll('\n', '\r\n');
    assert.deepEqual(problemsOf(text), ['2:30 unknown-element «foo»']);
  });
});
