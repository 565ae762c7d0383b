import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Problem } from '../../../src/appliance/text/problem.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { applyEdits } from '../../../src/appliance/text/edits.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const format = '<targetFormat><name>Raw Virtual Disk</name></targetFormat>';
const wrap = (inside: string): string => `<ns0:image ${ns}>${inside}</ns0:image>`;

interface Case {
  readonly name: string;
  readonly text: string;
  readonly code: string;
  readonly message: RegExp;
  readonly fixed: string;
}

const requests: readonly Case[] = [
  {
    name: 'a name that is misspelt',
    text: wrap(`<compres>true</compres>${format}`),
    code: 'unknown-element',
    message: /“compres” is not an element of “image”\. Did you mean “compress”\?/,
    fixed: wrap(`<compress>true</compress>${format}`),
  },
  {
    name: 'elements out of order, with their comments',
    text: `<ns0:image ${ns}>\n  <!-- which -->\n  ${format} <!-- raw -->\n  <compress>true</compress>\n</ns0:image>`,
    code: 'wrong-order',
    message: /“compress” must come before “targetFormat” inside “image”/,
    fixed: `<ns0:image ${ns}>\n  <compress>true</compress>\n  <!-- which -->\n  ${format} <!-- raw -->\n</ns0:image>`,
  },
  {
    name: 'a default namespace',
    text: `<image xmlns="http://www.usharesoft.com/uforge"><compress>true</compress>${format}</image>`,
    code: 'wrong-namespace',
    message: /default namespace also covers the elements inside/,
    fixed: wrap(`<compress>true</compress>${format}`),
  },
  {
    name: 'no namespace',
    text: `<image><compress>true</compress>${format}</image>`,
    code: 'wrong-namespace',
    message: /“image” is in no namespace/,
    fixed: wrap(`<compress>true</compress>${format}`),
  },
  {
    name: 'a wrong namespace',
    text: wrap(`<compress>true</compress>${format}`).replace('uforge"', 'forge"'),
    code: 'wrong-namespace',
    message: /in the namespace http:\/\/www\.usharesoft\.com\/forge/,
    fixed: wrap(`<compress>true</compress>${format}`),
  },
  {
    name: 'a prefix inside',
    text: wrap(`<ns0:compress>true</ns0:compress>${format}`),
    code: 'wrong-namespace',
    message: /only the root has a prefix/,
    fixed: wrap(`<compress>true</compress>${format}`),
  },
  {
    name: 'no target format',
    text: `<ns0:image ${ns}>\n  <compress>true</compress>\n  <installProfile>\n    <memorySize>512</memorySize>\n  </installProfile>\n</ns0:image>`,
    code: 'missing-target-format',
    message: /has no target format/,
    fixed: `<ns0:image ${ns}>\n  <compress>true</compress>\n  <targetFormat>\n    <name>VirtualBox</name>\n  </targetFormat>\n  <installProfile>\n    <memorySize>512</memorySize>\n  </installProfile>\n</ns0:image>`,
  },
  {
    name: 'a format by its old name',
    text: wrap(
      '<compress>true</compress><targetFormat><name>vbox</name></targetFormat><installProfile><memorySize>512</memorySize></installProfile>',
    ),
    code: 'legacy-format',
    message: /“VirtualBox” was called before UForge 3\.6/,
    fixed: wrap(
      '<compress>true</compress><targetFormat><name>VirtualBox</name></targetFormat><installProfile><memorySize>512</memorySize></installProfile>',
    ),
  },
  {
    name: 'a format that needs memory',
    text: `<ns0:image ${ns}>\n  <compress>true</compress>\n  <targetFormat><name>QCOW2</name></targetFormat>\n</ns0:image>`,
    code: 'missing-memory',
    message: /QCOW2 needs a memory size/,
    fixed: `<ns0:image ${ns}>\n  <compress>true</compress>\n  <targetFormat><name>QCOW2</name></targetFormat>\n  <installProfile>\n    <memorySize>1024</memorySize>\n  </installProfile>\n</ns0:image>`,
  },
  {
    name: 'an image for a cloud that would be compressed',
    text: wrap('<compress>true</compress><targetFormat><name>OpenStack QCOW2</name></targetFormat>'),
    code: 'compress-against-use',
    message: /published to OpenStack/,
    fixed: wrap('<compress>false</compress><targetFormat><name>OpenStack QCOW2</name></targetFormat>'),
  },
  {
    name: 'a container without its command',
    text: wrap('<compress>true</compress><targetFormat><name>Docker</name></targetFormat>'),
    code: 'missing-entrypoint',
    message: /Docker needs the command/,
    fixed: wrap(
      '<compress>true</compress><targetFormat><name>Docker</name></targetFormat><entrypoint>["/bin/sh"]</entrypoint>',
    ),
  },
  {
    name: 'a size with a unit',
    text: wrap(
      `<compress>true</compress>${format}<installProfile><memorySize>2 GB</memorySize></installProfile>`,
    ),
    code: 'bad-value',
    message: /must be a whole number without a unit, not “2 GB”/,
    fixed: wrap(
      `<compress>true</compress>${format}<installProfile><memorySize>2048</memorySize></installProfile>`,
    ),
  },
  {
    name: 'a required element that is missing',
    text: wrap(
      `<compress>true</compress>${format}<installProfile><nics><nic><name>eth0</name></nic></nics></installProfile>`,
    ),
    code: 'missing-element',
    message: /“nic” has no “order”/,
    fixed: wrap(
      `<compress>true</compress>${format}<installProfile><nics><nic><name>eth0</name><order>1</order></nic></nics></installProfile>`,
    ),
  },
  {
    name: 'an item without its list',
    text: wrap(
      `<compress>true</compress>${format}<installProfile><nic><order>1</order></nic></installProfile>`,
    ),
    code: 'unknown-element',
    message: /“nic” belongs inside “nics”/,
    fixed: wrap(
      `<compress>true</compress>${format}<installProfile><nics><nic><order>1</order></nic></nics></installProfile>`,
    ),
  },
  {
    name: 'xsi:type as an element, its prefix not declared',
    text: `<ns0:publishImage ${ns}><xsi:type>PublishImageAws</xsi:type><region>eu</region></ns0:publishImage>`,
    code: 'type-as-element',
    message: /xsi:type is an attribute, not an element/,
    fixed: `<ns0:publishImage ${xsi} xsi:type="ns0:PublishImageAws" ${ns}><region>eu</region></ns0:publishImage>`,
  },
  {
    name: 'a type without its prefix',
    text: `<ns0:publishImage ${ns} ${xsi} xsi:type="PublishImageAws"/>`,
    code: 'bad-type',
    message: /needs the root’s prefix/,
    fixed: `<ns0:publishImage ${ns} ${xsi} xsi:type="ns0:PublishImageAws"/>`,
  },
];

const os = "  os: { name: Debian, version: '12', arch: x86_64, profile: Minimal }\n";
const stack = `stack:\n  name: web\n  version: '1.0'\n${os}`;
const templates: readonly Case[] = [
  {
    name: 'a key that is misspelt',
    text: `${stack}  instalation: { diskSize: 1024 }\n`,
    code: 'unknown-key',
    message: /Did you mean “installation”\?/,
    fixed: `${stack}  installation: { diskSize: 1024 }\n`,
  },
  {
    name: 'a key that is missing in the middle',
    text: stack.replace("  version: '1.0'\n", ''),
    code: 'missing-key',
    message: /stack has no “version”/,
    fixed: stack.replace("version: '1.0'", "version: '1.0'"),
  },
  {
    name: 'a key that is missing in a flow map',
    text: stack.replace(', arch: x86_64', ''),
    code: 'missing-key',
    message: /stack\.os has no “arch”/,
    fixed: stack.replace('arch: x86_64', 'arch: "x86_64"'),
  },
  {
    name: 'a builder by its old name',
    text: `${stack}builders:\n  - type: vbox\n    hardwareSettings:\n      memory: 512\n`,
    code: 'legacy-format',
    message: /Write “VirtualBox”/,
    fixed: `${stack}builders:\n  - type: VirtualBox\n    hardwareSettings:\n      memory: 512\n`,
  },
  {
    name: 'a builder without memory',
    text: `${stack}builders:\n  - type: QCOW2 # for KVM\n`,
    code: 'missing-memory',
    message: /QCOW2 needs a memory size/,
    fixed: `${stack}builders:\n  - type: QCOW2 # for KVM\n    hardwareSettings:\n      memory: 1024\n`,
  },
];

function only(problems: readonly Problem[], code: string): Problem {
  const found = problems.find((each) => each.code === code);
  assert.ok(found, `${code} is found among ${problems.map((each) => each.code).join()}`);
  return found;
}

suite('a quick fix', () => {
  for (const { name, text, code, message, fixed } of requests) {
    test(`of a request puts right: ${name}`, () => {
      const problem = only(parseRepresentation(text).problems, code);
      assert.match(problem.message, message);
      const [fix] = problem.fixes ?? [];
      assert.ok(fix, 'there is one');
      assert.equal(applyEdits(text, fix.edits), fixed);
      assert.deepEqual(parseRepresentation(fixed).problems, []);
    });
  }
  for (const { name, text, code, message, fixed } of templates) {
    test(`of a template puts right: ${name}`, () => {
      const problem = only(parseTemplate(text, 'yaml').problems, code);
      assert.match(problem.message, message);
      const [fix] = problem.fixes ?? [];
      assert.ok(fix, 'there is one');
      assert.equal(applyEdits(text, fix.edits), fixed);
      assert.deepEqual(parseTemplate(fixed, 'yaml').problems, []);
    });
  }

  test('of a template in JSON writes JSON', () => {
    const text =
      '{\n  "stack": {\n    "name": "a",\n    "os": { "name": "Debian", "version": "12", "arch": "x86_64", "profile": "Minimal" }\n  }\n}\n';
    const [fix] = only(parseTemplate(text, 'json').problems, 'missing-key').fixes ?? [];
    assert.equal(applyEdits(text, fix!.edits), text.replace('"a",\n', '"a",\n    "version": "1.0",\n'));
  });
});

test('a size that can’t be read says nothing about what is mounted', () => {
  const disk = (size: string): string =>
    `{ name: sda, type: msdos, size: 9000, partitions: [{ number: 1, fstype: ext4, size: ${size}, mountPoint: / }, { number: 2, fstype: ext4, size: 500, mountPoint: /home }] }`;
  const problems = (size: string): string[] => {
    const text = `${stack}  installation: { partitioning: { disks: [${disk(size)}] } }\n`;
    return parseTemplate(text, 'yaml').problems.map(({ code }) => code);
  };
  assert.deepEqual(problems('8GB'), ['wrong-type']);
  assert.deepEqual(problems('8192'), []);
});

suite('a time zone', () => {
  const said = (name: string): readonly string[] =>
    parseTemplate(`${stack}  installation: { timezone: ${name} }\n`, 'yaml').problems.map(
      ({ message, fixes = [] }) => [message, ...fixes.map(({ title }) => title)].join(' | '),
    );
  test('that there is has no problem, by an old name neither', () => {
    for (const name of ['Europe/Paris', 'Etc/UTC', 'UTC', 'US/Pacific']) assert.deepEqual(said(name), []);
  });
  test('is named by its city alone, in a request, too', () => {
    const sentence = '“Paris” is no time zone. Did you mean “Europe/Paris”?';
    assert.deepEqual(said('Paris'), [
      `stack.installation.timezone ${sentence} | Replace with “Europe/Paris”`,
    ]);
    const request = wrap(
      `<compress>true</compress><installProfile><timezone>Paris</timezone></installProfile>${format}`,
    );
    assert.deepEqual(
      parseRepresentation(request)
        .problems.map(({ message }) => message)
        .filter((each) => each.includes('zone')),
      [sentence],
    );
  });
  test('is written as its file is', () => {
    assert.equal(said('Europe/paris').length, 1);
    assert.equal(said('"+01:00"').length, 1);
  });
});

suite('what only the target format knows', () => {
  const codes = (text: string): string[] => parseTemplate(text, 'yaml').problems.map(({ code }) => code);
  const disks =
    '  installation: { partitioning: { disks: [{ name: sda, size: 1024 }, { name: sdb, size: 1024 }] } }\n';
  test('one disk only', () => {
    assert.deepEqual(codes(`${stack}${disks}builders: [{ type: Fujitsu K5 }]`), ['too-many-disks']);
    assert.deepEqual(codes(`${stack}${disks}builders: [{ type: ISO }]`), []);
    const request = wrap(
      '<targetFormat><name>OpenStack VHD</name></targetFormat><installProfile><partitionTable><disks><disk/><disk/></disks></partitionTable></installProfile>',
    );
    assert.deepEqual(
      parseRepresentation(request).problems.map(({ code }) => code),
      ['too-many-disks'],
    );
  });
  test('which systems it takes', () => {
    const windows = stack.replace('Debian', 'Windows');
    assert.deepEqual(codes(`${windows}builders: [{ type: ISO }]`), ['wrong-system']);
    assert.deepEqual(codes(`${stack}builders: [{ type: PXE }]`), []);
    const ubuntu = stack.replace('Debian', 'Ubuntu');
    assert.deepEqual(codes(`${ubuntu}builders: [{ type: PXE }]`), ['wrong-system']);
    const small = stack.replace('x86_64', 'i686');
    assert.deepEqual(codes(`${small}builders: [{ type: Fujitsu K5 }]`), ['wrong-system']);
    const little = `${windows}builders: [{ type: VirtualBox, hardwareSettings: { memory: 256 } }]`;
    assert.deepEqual(codes(little), ['too-little-memory']);
  });
  test('the server’s own names count, where they are known', () => {
    const request = wrap(`<compress>true</compress><targetFormat><name>vbox</name></targetFormat>`);
    assert.deepEqual(parseRepresentation(request, { knownFormats: ['vbox'] }).problems, []);
    const other = wrap(`<compress>true</compress>${format}`);
    const [problem] = parseRepresentation(other, { knownFormats: ['Raw disk'] }).problems;
    assert.match(problem?.message ?? '', /The server has no target format “Raw Virtual Disk”/);
  });
});

suite('a request that is half typed', () => {
  test('shows what is wrong besides, at its place', () => {
    const text = `<ns0:image ${ns}>\n<compresss>true</compresss>\n<instal\n</ns0:image>`;
    const codes = parseRepresentation(text).problems.map(({ code }) => code);
    assert.ok(codes.includes('not-well-formed') && codes.includes('unknown-element'), codes.join());
  });
  test('says nothing about what an open element may contain', () => {
    const text = `<ns0:image ${ns}>\n<compress>true\n<targetFormat><name>ISO</name></targetFormat>\n</ns0:image>`;
    assert.deepEqual(
      parseRepresentation(text).problems.map(({ code }) => code),
      ['not-well-formed'],
    );
  });
});
