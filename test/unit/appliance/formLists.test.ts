import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  addItemEdits,
  fieldEdits,
  moveItemEdits,
  removeItemEdits,
} from '../../../src/appliance/form/edits.ts';
import type { FormItem, FormList } from '../../../src/appliance/form/lists.ts';
import { elementAtPath } from '../../../src/appliance/form/path.ts';
import { requestForm } from '../../../src/appliance/form/requestForm.ts';
import type { TextEdit } from '../../../src/appliance/text/problem.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { applyEdits } from '../../../src/appliance/text/edits.ts';
import { parseXml } from '../../../src/appliance/xml/tree.ts';
import { typeInfo, type Field } from '../../../src/uforge/schema/table.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
const nics = 'installProfile/nics';
const disks = 'installProfile/partitionTable/disks';

const add = (text: string, list: string): string => applyEdits(text, addItemEdits(text, list));
const remove = (text: string, item: string): string => applyEdits(text, removeItemEdits(text, item));
const move = (text: string, item: string, by: -1 | 1): string =>
  applyEdits(text, moveItemEdits(text, item, by));

/** Every list of the form, with those in items. */
function lists(text: string): ReadonlyMap<string, FormList> {
  const form = requestForm(text);
  assert.ok(form.kind === 'form', text);
  const all = form.sections.flatMap((section) => section.lists);
  for (const list of all) all.push(...list.items.flatMap((item: FormItem) => item.lists));
  return new Map(all.map((list) => [list.id, list]));
}

const errors = (text: string): readonly string[] =>
  parseRepresentation(text)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

/** Indented by four, with comments about everything. */
const request = `<?xml version="1.0"?>
<ns0:image ${ns}>
    <compress>true</compress> <!-- to download -->
    <targetFormat><name>VirtualBox</name></targetFormat>
    <installProfile>
        <!-- the cards -->

        <nics> <!-- two of them -->
            <!-- to the world -->
            <nic>
                <name>eth0</name>
                <order>1</order> <!-- first -->
            </nic> <!-- done -->

            <nic><name>eth1</name><order>2</order></nic>
            <!-- no more -->
        </nics>
    </installProfile>
</ns0:image>
`;

suite('the lists of a form', () => {
  test('are all that the schema lets a request repeat, and addresses only where they are', () => {
    const repeated = (type: string, path: string): readonly string[] => {
      const fields: readonly Field[] = [...(typeInfo(type)?.fields.values() ?? [])];
      return fields.flatMap((field) => {
        if (field.kind === 'object') return repeated(field.type, `${path}${field.name}/`);
        return field.kind === 'list' && field.item !== 'uri' ? [`${path}${field.name}`] : [];
      });
    };
    const bare = `<ns0:image ${ns}/>`;
    assert.deepEqual(
      [...lists(bare).keys()].sort(),
      [...repeated('InstallProfile', 'installProfile/')].sort(),
    );
    assert.ok(lists(bare).has(nics) && lists(bare).has(disks));

    const uris = 'installProfile/partitionTable/diskUris';
    const given = `<ns0:image ${ns}><installProfile><partitionTable><diskUris><uri>a</uri></diskUris></partitionTable></installProfile></ns0:image>`;
    assert.equal(lists(given).get(uris)?.items[0]?.fields[0]?.value, 'a');
  });

  test('show their items, what tells them apart, and what is wrong in each', () => {
    const wrong = request.replace('<order>2</order>', '<order>two</order>').replace('<order>1</order>', '');
    const [first, second] = lists(wrong).get(nics)?.items ?? [];
    assert.deepEqual([first?.id, first?.summary], [`${nics}/nic[1]`, 'eth0']);
    assert.deepEqual(
      first?.problems.map(({ code }) => code),
      ['missing-element'],
    );
    const order = second?.fields.find(({ id }) => id === `${nics}/nic[2]/order`);
    assert.deepEqual(
      order?.problems.map(({ code }) => code),
      ['bad-value'],
    );
    assert.deepEqual(second?.problems, []);
    assert.deepEqual(
      second.lists.map(({ id }) => id),
      [`${nics}/nic[2]/ipAddresses`],
    );
  });

  test('show no password beside the name, and units of sizes', () => {
    const text = add(add(request, 'installProfile/users'), disks);
    const secret = fieldEdits(text, 'installProfile/users/user[1]/password', 'pa55');
    const [user] = lists(applyEdits(text, secret)).get('installProfile/users')?.items ?? [];
    assert.equal(user?.summary, 'admin');
    assert.equal(user.fields.find(({ id }) => id.endsWith('/password'))?.kind, 'secret');
    const [disk] = lists(text).get(disks)?.items ?? [];
    assert.equal(disk?.fields.find(({ id }) => id.endsWith('/size'))?.unit, 'MB');
  });
});

suite('an edit of a list', () => {
  test('adds an item behind the others, written as its neighbour, with what it needs', () => {
    const third =
      '\n            <nic><ipv4Method>AUTOMATIC</ipv4Method><name>eth2</name><order>3</order></nic>';
    const text = request.replace('eth0', 'wan').replace('eth1', 'eth0');
    assert.equal(
      add(text, nics),
      text.replace('<order>2</order></nic>', `$&${third.replace('eth2', 'eth1')}`),
    );
    assert.deepEqual(errors(add(text, nics)), []);
    assert.match(add(add(request, disks), disks), /<name>sda<\/name>[^]*<name>sdb<\/name>/);
  });

  test('makes what is around a first item, as the text is indented, and takes it out with the last', () => {
    const tabs = `<ns0:image ${ns}>\r\n\t<compress>true</compress> <!-- yes -->\r\n</ns0:image>\r\n`;
    const text = add(tabs, disks);
    const lines = [
      '<installProfile>',
      '\t<partitionTable>',
      '\t\t<disks>',
      '\t\t\t<disk>',
      '\t\t\t\t<name>sda</name>',
      '\t\t\t\t<size>8192</size>',
      '\t\t\t</disk>',
      '\t\t</disks>',
      '\t</partitionTable>',
      '</installProfile>',
    ];
    assert.equal(text, tabs.replace('yes -->', `yes -->${lines.map((line) => `\r\n\t${line}`).join('')}`));
    assert.equal(remove(text, `${disks}/disk[1]`), tabs);
    const line = `<ns0:image ${ns}><compress>true</compress></ns0:image>`;
    assert.equal(remove(add(line, nics), `${nics}/nic[1]`), line);
  });

  test('takes an item out with its line, but no comment', () => {
    assert.equal(
      remove(request, `${nics}/nic[2]`),
      request.replace('\n            <nic><name>eth1</name><order>2</order></nic>', ''),
    );
    const without = remove(request, `${nics}/nic[1]`);
    for (const comment of ['to the world', 'first', 'done']) assert.ok(without.includes(comment), comment);
  });

  test('moves an item with the comments about it; its order goes with its place', () => {
    const moved = move(request, `${nics}/nic[2]`, -1);
    assert.match(
      moved,
      /two of them -->\n {12}<nic><name>eth1<\/name><order>1<\/order><\/nic>\n\n {12}<!-- to the world -->\n {12}<nic>\n {16}<name>eth0<\/name>\n {16}<order>2<\/order> <!-- first -->\n {12}<\/nic> <!-- done -->\n {12}<!-- no more -->/,
    );
    assert.equal(move(moved, `${nics}/nic[1]`, 1), request, 'and back');
    assert.deepEqual(moveItemEdits(request, `${nics}/nic[1]`, -1), [], 'the first is the first');
    assert.deepEqual(moveItemEdits(request, `${nics}/nic[2]`, 1), [], 'the last is the last');
  });

  test('changes a value of one item only', () => {
    assert.equal(
      applyEdits(request, fieldEdits(request, `${nics}/nic[2]/name`, 'lan')),
      request.replace('eth1', 'lan'),
    );
    assert.deepEqual(fieldEdits(request, `${nics}/nic[3]/name`, 'lan'), []);
  });

  test('is none in a text that can’t be read, wherever it breaks off', () => {
    for (let length = 0; length < request.length - '</ns0:image>\n'.length; length++) {
      const text = request.slice(0, length);
      const edits: readonly TextEdit[] = [
        ...addItemEdits(text, nics),
        ...removeItemEdits(text, `${nics}/nic[1]`),
        ...moveItemEdits(text, `${nics}/nic[1]`, 1),
        ...fieldEdits(text, `${nics}/nic[1]/name`, 'x'),
      ];
      assert.deepEqual(edits, [], text);
      assert.equal(requestForm(text).kind, 'text');
    }
  });
});

suite('any edits of lists', () => {
  const gap = fc.constantFrom(
    '',
    ' ',
    '\n',
    '\n    ',
    '\n\n\t',
    '\r\n  ',
    '<!-- a -->',
    ' <!-- b -->\n',
    '\n<!-- c\n -->\n',
  );
  const between = (name: string, item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(fc.array(fc.tuple(gap, item, gap), { maxLength: 3 }), gap)
      .map(([items, end]) => `<${name}>${items.flat().join('')}${end}</${name}>`);
  const nic = fc
    .tuple(gap, fc.nat(3), gap)
    .map(([before, order, after]) => `<nic>${before}<order>${order}</order>${after}</nic>`);
  const partition = fc.constantFrom(
    '<partition/>',
    '<partition><!-- p --></partition>',
    '<partition>\n<size>64</size>\n</partition>',
  );
  const disk = between('partitions', partition).map((inside) => `<disk>${inside}</disk>`);
  const user = fc.constantFrom(
    '<user><name>admin</name></user>',
    '<user>\n  <name>a</name> <!-- who -->\n</user>',
    '<user/>',
  );
  const profile = fc
    .tuple(
      fc.option(between('nics', nic), { nil: '' }),
      fc.option(
        between('disks', disk).map((inside) => `<partitionTable>${inside}</partitionTable>`),
        { nil: '' },
      ),
      fc.option(between('users', user), { nil: '' }),
      gap,
    )
    .map(([a, b, c, end]) => `${a}${end}${b}${end}${c}${end}`);
  const text = fc.tuple(fc.option(profile, { nil: undefined }), gap, gap).map(([inside, before, after]) => {
    const element = inside === undefined ? '' : `<installProfile>${inside}</installProfile>`;
    return `<ns0:image ${ns}>${before}<compress>true</compress>${before}<targetFormat><name>KVM</name></targetFormat>${after}${element}${after}</ns0:image>`;
  });
  const edits = fc.array(
    fc.record({ what: fc.constantFrom('add', 'remove', 'up', 'down'), list: fc.nat(), item: fc.nat() }),
    { minLength: 1, maxLength: 6 },
  );
  const comments = (each: string): readonly string[] => (each.match(/<!--[^]*?-->/g) ?? []).toSorted();
  const pathOf = (list: FormList, index: number): string =>
    list.items[index % Math.max(list.items.length, 1)]?.id ?? `${list.id}/${list.item}[1]`;

  /** Whether a list, or something it is in, stands in a text with nothing in it. */
  const isEmptyThere = (source: string, path: string): boolean => {
    const { root } = parseXml(source);
    const steps = path.split('/');
    const elements = steps.flatMap((_, depth) => {
      return (root && elementAtPath(root, steps.slice(0, depth + 1).join('/'))) ?? [];
    });
    return elements.some(
      ({ contentStart, contentEnd }) => source.slice(contentStart, contentEnd).trim() === '',
    );
  };

  test('keep every comment and all else, make no error, and what was added can be taken out again', () => {
    fc.assert(
      fc.property(text, edits, (start, all) => {
        let now = start;
        for (const { what, list: at, item } of all) {
          const before = now;
          const known = [...lists(before).values()];
          const list = known[at % known.length];
          assert.ok(list !== undefined);
          const path = pathOf(list, item);
          const made =
            what === 'add'
              ? addItemEdits(before, list.id)
              : what === 'remove'
                ? removeItemEdits(before, path)
                : moveItemEdits(before, path, what === 'up' ? -1 : 1);
          now = applyEdits(before, made);
          const after = lists(now);
          const shown = `${what} ${path}:\n${before}\n→\n${now}`;
          assert.deepEqual(comments(now), comments(before), shown);
          assert.deepEqual(parseXml(now).problems, [], shown);
          const known0 = new Set(errors(before));
          assert.deepEqual(
            errors(now).filter((message) => !known0.has(message)),
            [],
            shown,
          );
          const { length } = list.items;
          const now0 = after.get(list.id)?.items.length ?? 0;
          assert.equal(
            now0,
            what === 'add' ? length + 1 : what === 'remove' ? Math.max(length - 1, 0) : length,
            shown,
          );
          for (const other of known) {
            const isInside = other.id.startsWith(`${list.id}/`) || list.id.startsWith(`${other.id}/`);
            if (other !== list && !isInside)
              assert.deepEqual(valuesOf(after.get(other.id)), valuesOf(other), shown);
          }
          if (what === 'add' && !isEmptyThere(before, list.id)) {
            assert.equal(remove(now, `${list.id}/${list.item}[${length + 1}]`), before, shown);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

function valuesOf(list: FormList | undefined): readonly string[] {
  return (list?.items ?? []).flatMap(({ fields }) => fields.map(({ value }) => value));
}
