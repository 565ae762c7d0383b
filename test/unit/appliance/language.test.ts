import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import type { Completion } from '../../../src/appliance/language/completion.ts';
import { completeAt, hoverAt } from '../../../src/appliance/language/language.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { templateDocs } from '../../../src/appliance/template/model/docs.ts';
import { templateTypes } from '../../../src/appliance/template/model/types.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
const image = (inside: string): string => `<ns0:image ${ns}>${inside}</ns0:image>`;

type Kind = 'representation' | 'template';

/** What is offered at the `|` of a text. */
function offered(kind: Kind, marked: string): readonly Completion[] {
  const offset = marked.indexOf('|');
  return completeAt(kind, marked.replace('|', ''), offset);
}

function labels(kind: Kind, marked: string): string[] {
  return offered(kind, marked).map(({ label }) => label);
}

/** The text after a choice was made, with the first choice of every placeholder. */
function chosen(kind: Kind, marked: string, label: string): string {
  const text = marked.replace('|', '');
  const found = offered(kind, marked).find((each) => each.label === label);
  assert.ok(found, `${label} is offered among ${labels(kind, marked).join()}`);
  const plain = found.insertText
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1')
    .replaceAll(/\$\{\d+:([^}]*)\}/g, '$1')
    .replaceAll(/\$\d/g, '');
  return text.slice(0, found.from) + plain + text.slice(found.to);
}

suite('completion in a request', () => {
  test('offers whole requests in an empty file, which are right', () => {
    assert.deepEqual(labels('representation', '|'), ['image', 'publishImage']);
    assert.deepEqual(parseRepresentation(chosen('representation', '|', 'image')).problems, []);
    assert.deepEqual(parseRepresentation(chosen('representation', '|', 'publishImage')).problems, []);
  });

  test('offers elements in the schema’s order, required ones first, the server’s own last, none twice', () => {
    const names = labels('representation', image('<compress>true</compress>|'));
    assert.ok(!names.includes('compress'));
    assert.ok(names.indexOf('targetFormat') < names.indexOf('installProfile'));
    assert.ok(names.indexOf('created') > names.indexOf('entrypoint'));
    const nic = labels(
      'representation',
      image('<installProfile><nics><nic><|</nic></nics></installProfile>'),
    );
    assert.equal(nic[0], 'order');
    assert.deepEqual(labels('representation', image('<installProfile><nics>|</nics></installProfile>')), [
      'nic',
    ]);
  });

  test('works while a tag is being typed, and writes the rest of it', () => {
    const marked = `<ns0:image ${ns}>\n  <compress>true</compress>\n  <inst|\n</ns0:image>`;
    assert.equal(
      chosen('representation', marked, 'installProfile'),
      `<ns0:image ${ns}>\n  <compress>true</compress>\n  <installProfile>\n\t\n</installProfile>\n</ns0:image>`,
    );
    const simple = chosen('representation', image('<comp|'), 'compress');
    assert.match(simple, /<compress>true<\/compress><\/ns0:image>/);
  });

  test('only renames a tag that is there', () => {
    assert.equal(
      chosen('representation', image('<comp|res>true</comp>'), 'compress'),
      image('<compress>true</comp>'),
    );
  });

  test('offers values from closed lists, of booleans and the names of formats', () => {
    assert.deepEqual(labels('representation', image('<compress>|</compress>')), ['true', 'false']);
    const formats = labels('representation', image('<targetFormat><name>Vir|</name></targetFormat>'));
    assert.equal(formats.length, 33);
    assert.equal(
      chosen('representation', image('<targetFormat><name>Vir|</name></targetFormat>'), 'VirtualBox'),
      image('<targetFormat><name>VirtualBox</name></targetFormat>'),
    );
    const modes = labels(
      'representation',
      image('<installProfile><seLinuxMode>|</seLinuxMode></installProfile>'),
    );
    assert.deepEqual(modes, ['disabled', 'permissive', 'enforcing']);
  });

  test('offers the kinds of an abstract type and the end tag', () => {
    const publish = (attributes: string): string => `<ns0:publishImage ${ns} ${attributes}`;
    assert.ok(
      labels('representation', publish('xsi:type="|"></ns0:publishImage>')).includes('ns0:PublishImageAws'),
    );
    assert.deepEqual(labels('representation', publish('|></ns0:publishImage>')), ['xsi:type']);
    const inside = labels('representation', publish('xsi:type="ns0:PublishImageAws"><|</ns0:publishImage>'));
    assert.ok(inside.includes('region') && !inside.includes('storageAccount'));
    assert.equal(
      chosen('representation', `<ns0:image ${ns}><compress>true</|`, '/compress'),
      `<ns0:image ${ns}><compress>true</compress>`,
    );
  });
});

suite('completion in a template', () => {
  const stack = "stack:\n  name: web\n  version: '1.0'\n";
  test('offers keys of the object the indentation says, required ones first, none twice', () => {
    assert.deepEqual(labels('template', '|').slice(0, 2), ['stack', 'builders']);
    const keys = labels('template', `${stack}  |\nbuilders: []\n`);
    assert.equal(keys[0], 'os');
    assert.ok(keys.includes('installation') && !keys.includes('name') && !keys.includes('builders'));
    const root = labels('template', `${stack}  installation:\n    rootUser:\n      |`);
    assert.deepEqual(root, ['setPassword', 'password', 'encrypted', 'disablePasswordLogin', 'sshKeys']);
  });
  test('knows the items of lists, and starts one', () => {
    const builder = labels('template', `${stack}builders:\n  - type: QCOW2\n    |`);
    assert.ok(builder.includes('hardwareSettings') && !builder.includes('type'));
    const second = labels('template', `${stack}builders:\n  - type: QCOW2\n  - |`);
    assert.equal(second[0], 'type');
    assert.match(offered('template', `${stack}builders:\n  |`)[0]!.insertText, /^- type/);
    assert.ok(labels('template', `${stack}builders:\n- type: QCOW2\n  |`).includes('hardwareSettings'));
  });
  test('offers values', () => {
    assert.equal(labels('template', `${stack}builders:\n  - type: |`).length, 33);
    assert.deepEqual(labels('template', `${stack}  config:\n    - frequency: f|`), [
      'firstboot',
      'everyboot',
    ]);
    assert.equal(
      chosen('template', `${stack}builders:\n  - type: vb|ox # old`, 'VirtualBox'),
      `${stack}builders:\n  - type: VirtualBox # old`,
    );
  });
});

suite('completion of the names of cards', () => {
  const links = (bond: string, vlan = ''): string => `stack:
  installation:
    nics:
      - { name: one }
      - ipv4: dhcp
    bonds:
      - name: bond0
        ${bond}
    vlans:
      - id: 7
        ${vlan}
`;
  test('offers a VLAN the cards and the bonds, a bond the cards', () => {
    assert.deepEqual(labels('template', links('nics: []', 'on: |')), ['one', 'eth1', 'bond0']);
    assert.deepEqual(labels('template', links('nics: [|')), ['one', 'eth1']);
    assert.deepEqual(labels('template', links('nics:\n          - eth1\n          - |')), ['one', 'eth1']);
  });
  test('replaces the one of a list that is typed, and no other', () => {
    assert.ok(chosen('template', links('nics: [one, et|]'), 'eth1').includes('nics: [one, eth1]'));
    assert.ok(chosen('template', links('nics: [o|, eth1] # both'), 'one').includes('[one, eth1] # both'));
    const item = chosen('template', links('nics:\n          - o|'), 'one');
    assert.ok(item.includes('nics:\n          - one\n'), item);
  });
  test('offers the values of other closed lists, too', () => {
    const os = 'stack:\n  os:\n    components:\n      - |\n';
    assert.deepEqual(labels('template', os).slice(0, 2), ['main', 'contrib']);
  });
});

suite('hover', () => {
  const at = (kind: Kind, marked: string): string | undefined =>
    hoverAt(kind, marked.replace('|', ''), marked.indexOf('|'))?.text;
  test('says what an element means and in which unit', () => {
    assert.match(
      at('representation', image('<installProfile><mem|orySize>5</memorySize></installProfile>')) ?? '',
      /Memory of the machine in \*\*MB\*\*/,
    );
    assert.match(at('representation', image('<installProfile><nics><nic><or|der')) ?? '', /required/);
    assert.equal(at('representation', image('<nothing|/>')), undefined);
  });
  test('says what a key means', () => {
    const text = 'builders:\n  - type: QCOW2\n    hardwareSettings:\n      mem|ory: 5\n';
    assert.match(at('template', text) ?? '', /In \*\*MB\*\*/);
    assert.match(at('template', 'bui|lders: []') ?? '', /target formats/);
  });
  test('says where it is used: what holds it, and which operations send it', () => {
    const text = at('representation', image('<installProfile><mem|orySize>5</memorySize></installProfile>'));
    assert.match(
      text ?? '',
      /Stands in `installProfile`, `image\/installProfile`, `appliance\/installProfile`/,
    );
    assert.match(text ?? '', /Sent by `machineImage_generate`, .* and \d+ more\./);
    assert.match(
      at('representation', image('<com|press>true</compress>')) ?? '',
      /Sent by `machineImage_gen/,
    );
    const root = '<ns0:ap|iKeyPair xmlns:ns0="http://www.usharesoft.com/uforge"/>';
    assert.match(at('representation', root) ?? '', /Sent by `apiKey_create`, `apiKey_update`\./);
    assert.match(at('template', 'stack:\n  os:\n    pkgs:\n      - na|me: a\n') ?? '', /In `os\.pkgs`\./);
  });
  test('has a text for every key of the template language, and for no other', () => {
    const keys = Object.entries(templateTypes).flatMap(([row, { fields }]) =>
      Object.keys(fields).map((key) => `${row}.${key}`),
    );
    assert.deepEqual(Object.keys(templateDocs).sort(), keys.sort());
  });
});

test('completion and hover live through every place of a text that is cut off there', async () => {
  const example = (name: string): Promise<string> =>
    readFile(new URL(`../../../examples/nginx/${name}`, import.meta.url), 'utf8');
  for (const [kind, name] of [
    ['representation', 'representation.xml'],
    ['template', 'template.yml'],
  ] as const) {
    const text = await example(name);
    for (let offset = 0; offset <= text.length; offset++) {
      for (const each of [text, text.slice(0, offset), `${text.slice(0, offset)}<${text.slice(offset)}`]) {
        for (const { from, to } of completeAt(kind, each, offset)) {
          assert.ok(from >= 0 && from <= offset && to >= offset && to <= each.length, `${name}: ${offset}`);
        }
        hoverAt(kind, each, offset);
      }
    }
  }
});

test('a megabyte is completed, too; how fast is measured by the bench', () => {
  const nic = '<nic><name>eth0</name><order>1</order><autoConnect>true</autoConnect></nic>\n';
  const text = image(`<installProfile><nics>${nic.repeat(14_000)}<nic><</nic></nics></installProfile>`);
  assert.ok(text.length > 1_000_000);
  const found = completeAt('representation', text, text.indexOf('<nic><<') + 6);
  assert.equal(found[0]?.label, 'order');
});
