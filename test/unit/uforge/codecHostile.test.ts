import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { decodeXml } from '../../../src/uforge/codec/codec.ts';
import { firstFailure, placeOf } from '../../../src/uforge/codec/wellFormed.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';

const uforge = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
const status = (content: string): string => `<ns0:status ${uforge}>${content}</ns0:status>`;
const strict = { maxDepth: 64, anyCharacter: false };

/** What the elements that a document has beside its own are called. */
function unknownIn(text: string): string[] {
  return decodeXml(text).problems.map(({ kind, path }) => `${kind} ${path}`);
}

/** The first failure: where, and the part of the text it is about. */
function failureIn(text: string): string | undefined {
  const failure = firstFailure(text, strict);
  if (failure === undefined) return undefined;
  const { line, column } = placeOf(text, failure.from);
  return `${line}:${column} ${failure.kind} ${JSON.stringify(text.slice(failure.from, failure.to))}`;
}

suite('what fast-xml-parser takes for XML is refused all the same', () => {
  const documents: Readonly<Record<string, string>> = {
    'an unknown entity': status('<message>&secret;</message>'),
    'an entity of HTML': status('<message>&nbsp;</message>'),
    'a "<" in an attribute': status('<message a="<"/>'),
    'an unknown entity in an attribute': status('<message a="&secret;"/>'),
    '"]]>" in a text': status('<message>]]></message>'),
    '"--" in a comment': status('<!-- a -- b -->'),
    'two roots': `<ns0:status ${uforge}/><ns0:status ${uforge}/>`,
    'CDATA outside of the root': `${status('')}<![CDATA[x]]>`,
    'a declaration of nothing known': status('<!ELEMENT message ANY>'),
    'a prefix without a namespace': status('<other:message/>'),
    'a prefix without a namespace at an attribute': status('<message other:a="1"/>'),
    'an attribute that is there under two prefixes': status(
      '<message xmlns:a="u" xmlns:b="u" a:x="1" b:x="2"/>',
    ),
    'a name with two colons': status('<ns0:a:b/>'),
    'a prefix for no namespace': status('<message xmlns:a=""/>'),
    'another namespace for xml': status('<message xmlns:xml="u"/>'),
    'an XML declaration that is none': `<?xml version="2.0" nonsense?>${status('')}`,
    'a quotation mark that reaches out of an instruction': status("<?a '?><message>1</message><?b '?>"),
    'a character reference without a number': status('<message>&#;</message>'),
  };
  for (const [what, text] of Object.entries(documents)) {
    test(what, () => {
      assert.doesNotThrow(() => new XMLParser({ preserveOrder: true }).parse(text));
      assert.throws(
        () => decodeXml(text),
        (error) =>
          error instanceof UForgeError && error.kind === 'protocol' && error.message.includes('was refused'),
      );
    });
  }
});

suite('what is refused by its structure', () => {
  for (const text of [
    status('<message>a'),
    status('<message>a</messages>'),
    status('</message>'),
    status('<message a="1" a="2"/>'),
    status('<message a=1/>'),
    status('<message a/>'),
    status('<message a="1"b="2"/>'),
    status('<message / >'),
    status('< message/>'),
    status('<1/>'),
    status('<!-- never closed'),
    status('<![CDATA[ never closed'),
    status('<?never closed'),
    status('<message>&#X41;</message>'),
    `text ${status('')}`,
    `${status('')} text`,
    ` <?xml version="1.0"?>${status('')}`,
    status('<?xml version="1.0"?>'),
    '<!doctype status><status/>',
  ]) {
    test(text.replace(` ${uforge}`, ''), () => {
      assert.throws(() => decodeXml(text), /The XML document was refused/);
    });
  }
});

suite('what is XML is read, however it looks', () => {
  test('names that mean something to JavaScript are unknown elements and attributes like others', () => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
    for (const name of names) {
      const text = status(`<${name} ${name}="1">a</${name}><${name}/><message ${name}="1">b</message>`);
      assert.deepEqual(unknownIn(text), [`unknownElement status/${name}`]);
      assert.deepEqual(decodeXml(text).value, { message: 'b' });
    }
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  test('a text is put together from around comments, instructions, CDATA and unknown elements', () => {
    const text = `\uFEFF<?xml version='1.0' encoding="ISO-8859-1" standalone='no' ?>\n<?a b="c"?><!-- -->
${status('<message\n>a<!-- & < -->b<?c d?><![CDATA[&amp;<]]>&#101;&#x66;&lt;&quot;&apos;&amp;lt;\r\n</message\t>')}<!-- -->\n`;
    assert.deepEqual(decodeXml(text).value, { message: `ab&amp;<ef<"'&lt;\n` });
  });

  test('a character there is none of is lost, and nothing else', () => {
    const { value } = decodeXml(
      status('<message>a&#0;b&#x1b;c\0d\uFFFEe</message><complete>true</complete>'),
    );
    assert.deepEqual(value, { message: 'abc\0d\uFFFEe', complete: true });
  });

  test('namespaces come from the elements around', () => {
    const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
    const text = `<credAccount xmlns="http://www.usharesoft.com/uforge" xmlns:a="${xsi}" a:type="x:CredAccountAws"
      xmlns:x="http://www.usharesoft.com/uforge"><name a:nil="1"/><x:accessKeyId>k</x:accessKeyId></credAccount>`;
    assert.deepEqual(decodeXml(text), {
      root: 'credAccount',
      value: { $type: 'CredAccountAws', accessKeyId: 'k' },
      problems: [],
    });
    assert.deepEqual(unknownIn(text.replaceAll(xsi, 'urn:other').replace(' a:nil="1"', '')), [
      'unknownElement credAccount/accessKeyId',
    ]);
  });

  test('as many references as there may be, and 64-bit numbers to the last digit', () => {
    const message = '&amp;&#65;'.repeat(200_000);
    const { value } = decodeXml(status(`<message>${message}</message><dbId>9223372036854775807</dbId>`));
    assert.deepEqual(value, { message: '&A'.repeat(200_000), dbId: 9223372036854775807n });
  });
});

suite('the first failure of a document, for an editor', () => {
  for (const [text, expected] of [
    ['<a>\n<b>\n</a>', '3:1 notClosed "</a>"'],
    ['<a>\n<b>', '2:3 notClosed ">"'],
    ['<a>\r\n &custom; &other;</a>', '2:2 notWellFormed "&custom;"'],
    ['<a b="1" b="2"/>', '1:9 notWellFormed " b=\\""'],
    ['<a b="<"/>', '1:7 notWellFormed "<"'],
    ['<a>&</a>', '1:4 notWellFormed "&"'],
    ['<a>]]></a>', '1:4 notWellFormed "]]>"'],
    ['<a>\u001B</a>', '1:4 notWellFormed "\\u001b"'],
    ['<a>&#27;</a>', '1:4 notWellFormed "&#27;"'],
    ['<a>&#x110000;</a>', '1:4 notWellFormed "&#x110000;"'],
    ['<a>\uFFFE</b>', '1:4 notWellFormed "\uFFFE"'],
    ['<!DOCTYPE a><a/>', '1:1 doctype "<!DOCTYPE"'],
    ['<a/>\n<b/>', '2:1 notWellFormed "<b"'],
    ['hello', '1:1 notWellFormed "h"'],
    ['', '1:1 notWellFormed ""'],
    ['<a>'.repeat(65), '1:193 tooDeep "<a"'],
    ['<x:a é="&#233;&#x1F528;">🔨</x:a >', undefined],
  ] as const) {
    test(JSON.stringify(text.slice(0, 40)), () => assert.equal(failureIn(text), expected));
  }

  test('lies in the text, whatever the text is', () => {
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<b c="d"/>',
      '<',
      '&',
      '&#1;',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '\n',
      'x',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join('');
        const failure = firstFailure(text, strict);
        if (failure === undefined) return;
        assert.ok(
          failure.from >= 0 && failure.from <= failure.to && failure.to <= text.length,
          JSON.stringify(failure),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
