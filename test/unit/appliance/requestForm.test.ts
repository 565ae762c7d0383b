import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { fieldEdits } from '../../../src/appliance/form/edits.ts';
import type { FormField } from '../../../src/appliance/form/fields.ts';
import { requestForm } from '../../../src/appliance/form/requestForm.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { targetFormats } from '../../../src/appliance/catalog/targetFormats.ts';
import { applyEdits } from '../../../src/appliance/text/edits.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';

function fields(text: string): ReadonlyMap<string, FormField> {
  const form = requestForm(text);
  assert.ok(form.kind === 'form', text);
  const all = form.sections.flatMap((section) => section.fields);
  return new Map(all.map((field) => [field.id, field]));
}

const set = (text: string, id: string, value: string): string =>
  applyEdits(text, fieldEdits(text, id, value));

const request = `<?xml version="1.0"?>
<!-- our order -->
<ns0:image ${ns}>
    <!-- packed -->
    <compress> true </compress> <!-- to download -->
    <targetFormat><name>VirtualBox</name></targetFormat>

    <installProfile>
        <memorySize><!-- in MB -->512</memorySize>
    </installProfile>
</ns0:image>
`;

suite('a request as a form', () => {
  test('shows its values, what may be chosen, and what is wrong where it is', () => {
    const all = fields(request.replace('512', '512MB'));
    assert.equal(all.get('compress')?.value, 'true');
    assert.equal(all.get('targetFormat/name')?.value, 'VirtualBox');
    assert.equal(all.get('targetFormat/name')?.values?.length, targetFormats.length);
    assert.equal(all.get('installProfile/seLinuxMode')?.isThere, false);
    assert.deepEqual(all.get('installProfile/seLinuxMode')?.values, ['disabled', 'permissive', 'enforcing']);
    const memory = all.get('installProfile/memorySize');
    assert.deepEqual([memory?.unit, memory?.kind, memory?.problems[0]?.code], ['MB', 'number', 'bad-value']);
    assert.match(memory?.help ?? '', /MB/);
  });

  test('shows what the target format has to do with, and what is there anyway', () => {
    assert.ok(!fields(request).has('entrypoint') && !fields(request).has('ebs'));
    assert.ok(fields(request.replace('VirtualBox', 'Docker')).has('entrypoint'));
    assert.ok(fields(request.replace('VirtualBox', 'Amazon AWS')).has('ebsVolumeSize'));
    assert.ok(fields(request.replace('VirtualBox', 'VMware vCenter')).has('installProfile/hwType'));
    assert.ok(fields(set(request, 'ebs', 'true')).has('ebs'));
  });

  test('keeps problems of what it does not show, and leaves to the text what it can’t read', () => {
    const form = requestForm(request.replace('<installProfile>', '<foo/><installProfile>'));
    assert.deepEqual(form.kind === 'form' && form.others.map(({ code }) => code), ['unknown-element']);
    assert.equal(requestForm('<ns0:image').kind, 'text');
    assert.equal(requestForm(`<ns0:publishImage ${ns}/>`).kind, 'text');
    assert.deepEqual(fieldEdits('<ns0:image', 'compress', 'true'), []);
  });
});

suite('an edit of the form', () => {
  test('changes the value only: comments and white space beside it stay', () => {
    assert.equal(set(request, 'installProfile/memorySize', '2048'), request.replace('512', '2048'));
    assert.equal(set(request, 'compress', 'false'), request.replace('true ', 'false '));
    assert.equal(set(request, 'compress', 'true'), request, 'nothing changes nothing');
    assert.equal(set(request, 'targetFormat/name', 'A & B'), request.replace('VirtualBox', 'A &amp; B'));
  });

  test('puts a new element at its place, with the indentation of its neighbours', () => {
    assert.equal(
      set(request, 'installProfile/diskSize', '8192'),
      request.replace('    <installProfile>\n', '    <installProfile>\n        <diskSize>8192</diskSize>\n'),
    );
    const bare = `<ns0:image ${ns}>\n  <compress>true</compress>\n</ns0:image>\n`;
    assert.equal(
      set(bare, 'targetFormat/name', 'QCOW2'),
      bare.replace('</compress>', '</compress>\n  <targetFormat>\n    <name>QCOW2</name>\n  </targetFormat>'),
    );
    assert.equal(
      set(`<ns0:image ${ns}/>`, 'compress', 'true'),
      `<ns0:image ${ns}>\n  <compress>true</compress>\n</ns0:image>`,
    );
  });

  test('takes an element out with its line, but no comment', () => {
    assert.equal(set(request, 'targetFormat/name', ''), request.replace('<name>VirtualBox</name>', ''));
    assert.ok(set(request, 'installProfile/memorySize', '').includes('<!-- in MB -->'));
  });

  test('of any kind keeps every comment and every other value, and is what the form then shows', () => {
    const piece = fc.constantFrom(
      '<!-- a -->',
      '\n\t',
      '  ',
      '<compress>true</compress>',
      '<compress><!-- c -->false<!-- d --></compress>',
      '<entrypoint><![CDATA[<x>]]></entrypoint>',
      '<targetFormat>\n<name>QCOW2</name>\n</targetFormat>',
      '<targetFormat/>',
      '<installProfile><!-- e --></installProfile>',
      '<installProfile>\r\n  <memorySize> 1 </memorySize>\r\n</installProfile>',
      '<parentUri/>',
    );
    const once = (pieces: readonly string[]): string => {
      const seen = new Set<string>();
      return pieces
        .filter((each) => {
          const name = /^<(\w+)/.exec(each)?.[1] ?? '';
          return name === '' || (!seen.has(name) && seen.add(name));
        })
        .join('');
    };
    const text = fc
      .array(piece, { maxLength: 10 })
      .map((pieces) => `<ns0:image ${ns}>${once(pieces)}</ns0:image>`);
    const id = fc.constantFrom(
      'compress',
      'targetFormat/name',
      'installProfile/memorySize',
      'entrypoint',
      'parentUri',
      'installProfile/welcomeMsg',
    );
    const value = fc.oneof(
      fc.constantFrom('', 'true', '512', 'a & <b>', ']]>'),
      fc.string({ maxLength: 8 }).map((each) => each.replaceAll(/[^\x20-\x7e]/g, '').trim()),
    );
    fc.assert(
      fc.property(text, id, value, (before, field, wanted) => {
        const after = set(before, field, wanted);
        const comments = (each: string): string[] => each.match(/<!--[\s\S]*?-->/g) ?? [];
        assert.deepEqual(comments(after), comments(before), 'comments stay');
        const now = fields(after);
        assert.equal(now.get(field)?.value ?? '', wanted, after);
        for (const [other, { value: was }] of fields(before)) {
          if (other !== field) assert.equal(now.get(other)?.value ?? '', was, `${other} in ${after}`);
        }
        const unreadable = parseRepresentation(after).problems.some(({ code }) => code === 'not-well-formed');
        assert.ok(!unreadable, after);
        assert.equal(set(after, field, wanted), after, 'once is enough');
      }),
      { numRuns: 500 },
    );
  });
});
