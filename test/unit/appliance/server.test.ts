import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { completeAt } from '../../../src/appliance/language/language.ts';
import { packageAt } from '../../../src/appliance/language/yamlLanguage.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import type { Providers, ServerKnowledge } from '../../../src/appliance/catalog/serverKnowledge.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { applyEdits, fixAll } from '../../../src/appliance/text/edits.ts';
import { marked } from './support.ts';

const repositories: Readonly<Record<string, readonly string[]>> = {
  nginx: ['bookworm/main', 'bookworm-security/main', 'bookworm-backports/main'],
  'firmware-linux': ['bookworm/non-free-firmware'],
  'new-tool': ['bookworm-backports/main'],
  'driver-dkms': ['bookworm/contrib', 'bookworm-backports/contrib'],
  'of-a-uforge': [''],
};

const providers: Readonly<Record<string, Providers>> = {
  'default-mta': new Map([['exim4-daemon-light', ['bookworm/main']]]),
  awk: new Map([
    ['mawk', ['bookworm/main']],
    ['gawk', ['bookworm/main']],
    ['of-contrib', ['bookworm/contrib']],
  ]),
  'driver-abi': new Map([['driver-dkms', ['bookworm/contrib']]]),
};

const server: ServerKnowledge = {
  server: 'forge.example.com',
  formats: ['VirtualBox', 'Our AWS', 'OpenStack QCOW2'],
  distributions: [
    { id: '12', name: 'Debian', version: '12', arch: 'x86_64' },
    { id: '13', name: 'Debian', version: '13', arch: 'x86_64' },
  ],
  accounts: [
    { name: 'lab', platform: 'OpenStack' },
    { name: 'shop', platform: 'Amazon' },
  ],
  profilesOf: () => ['Minimal', 'Server'],
  repositoriesWith: (_distribution, name) => (name === 'unasked' ? undefined : (repositories[name] ?? [])),
  providersOf: (_distribution, name) => providers[name],
};

const template = (changes: Readonly<Record<string, string>> = {}): string => {
  const {
    name = 'Debian',
    version = "'12'",
    arch = 'x86_64',
    profile = 'Minimal',
    pkg = 'nginx',
    type = 'VirtualBox',
    account = 'lab',
  } = changes;
  return `stack:
  name: web
  version: '1.0'
  os:
    name: ${name}
    version: ${version}
    arch: ${arch}
    profile: ${profile}
    pkgs:
      - name: ${pkg}
      - name: unasked
builders:
  - type: ${type}
    hardwareSettings: { memory: 512 }
    account: { name: ${account} }
`;
};

test('keys of ours that the server does not know are warned of where they are', () => {
  const text = template().replace('builders:', '  installation: { hostname: web01, cpus: 2 }\nbuilders:');
  const warned = (templateKeys?: readonly string[]): string[] =>
    parseTemplate(text, 'yaml', {
      server: { ...server, ...(templateKeys && { templateKeys }) },
    }).problems.map((each) => `${marked(each, text)}: ${each.message}`);
  assert.deepEqual(warned(['Installation.cpus']), [
    '12:29 warning left-out «web01»: stack.installation.hostname is a key of the local forge: forge.example.com does not know it, and it is left out of what is pushed there.',
  ]);
  assert.equal(warned([]).length, 2);
  assert.deepEqual(warned(), [], 'nobody has asked');
});

const inTemplate = (changes?: Readonly<Record<string, string>>): string[] => {
  const text = template(changes);
  return parseTemplate(text, 'yaml', { server }).problems.map(
    (each) => `${marked(each, text)}: ${each.message}`,
  );
};

suite('what the server has is part of the checks', () => {
  test('a template that names only what is there has no problem', () => {
    assert.deepEqual(inTemplate(), []);
  });
  test('everything else is named, with what there is instead', () => {
    assert.deepEqual(inTemplate({ name: 'Debain' }), [
      '5:11 unknown-distribution «Debain»: forge.example.com has no distribution “Debain”. Did you mean “Debian”? It has: Debian 12 x86_64, Debian 13 x86_64.',
    ]);
    assert.deepEqual(inTemplate({ version: "'11'" }), [
      "6:14 unknown-distribution «'11'»: forge.example.com has no Debian 11. It has: Debian 12 x86_64, Debian 13 x86_64.",
    ]);
    assert.deepEqual(inTemplate({ arch: 'amd64' }), [
      '7:11 unknown-distribution «amd64»: forge.example.com has no Debian 12 for amd64. It has: Debian 12 x86_64, Debian 13 x86_64.',
    ]);
    assert.deepEqual(inTemplate({ profile: 'Minmal' }), [
      '8:14 unknown-profile «Minmal»: Debian 12 x86_64 has no profile “Minmal” on forge.example.com. Did you mean “Minimal”? It has: Minimal, Server.',
    ]);
    assert.deepEqual(inTemplate({ pkg: 'ngnix' }), [
      '10:15 unknown-package «ngnix»: Debian 12 x86_64 has no package “ngnix” on forge.example.com.',
    ]);
    assert.deepEqual(inTemplate({ pkg: 'httpd' }), [
      '10:15 unknown-package «httpd»: Debian 12 x86_64 has no package “httpd” on forge.example.com. Did you mean “apache2”?',
    ]);
    assert.deepEqual(inTemplate({ type: 'Our AWSs' }), [
      '13:11 unknown-target-format «Our AWSs»: The server has no target format “Our AWSs”. Did you mean “Our AWS”? It has: VirtualBox, Our AWS, OpenStack QCOW2.',
    ]);
    assert.deepEqual(inTemplate({ type: 'OpenStack QCOW2', account: 'shop' }), [
      '15:22 warning wrong-account «shop»: The cloud account “shop” is for Amazon, not for OpenStack. You have: lab.',
    ]);
    assert.deepEqual(inTemplate({ type: 'OpenStack QCOW2', account: 'labb' }), [
      '15:22 warning unknown-account «labb»: You have no cloud account “labb” on forge.example.com. Did you mean “lab”? You have: lab. Publishing would fail.',
    ]);
  });
  test('a package that is where the template does not look is told with what to ask for', () => {
    const asking = (pkg: string, more: string): string[] =>
      inTemplate({ pkg, profile: `Minimal\n    ${more}` }).map((each) => each.replace(/^.*» ?: /, ''));
    assert.deepEqual(inTemplate({ pkg: 'firmware-linux' }), [
      '10:15 unknown-package «firmware-linux»: “firmware-linux” is in non-free-firmware: add that to “components” of stack.os.',
    ]);
    assert.deepEqual(asking('firmware-linux', 'components: [Non-Free-Firmware]'), []);
    assert.deepEqual(asking('driver-dkms', 'backports: true'), [
      '“driver-dkms” is in contrib: add that to “components” of stack.os.',
    ]);
    assert.deepEqual(inTemplate({ pkg: 'new-tool' }), [
      '10:15 unknown-package «new-tool»: “new-tool” is in the backports: add “backports: true” to stack.os.',
    ]);
    assert.deepEqual(asking('new-tool', 'backports: true'), []);
    assert.deepEqual(
      asking(
        'firmware-linux\n        backports: true',
        'components: [non-free-firmware]\n    backports: true',
      ),
      ['There is no “firmware-linux” in the backports: take “backports” away from it.'],
    );
    assert.deepEqual(inTemplate({ pkg: 'of-a-uforge' }), [], 'other servers have other names for them');
    const wrong = template({ pkg: 'new-tool' });
    const [problem] = parseTemplate(wrong, 'yaml', { server }).problems;
    const fixed = applyEdits(wrong, problem?.fixes?.[0]?.edits ?? []);
    assert.match(fixed, /^ {4}backports: true$/m);
  });
  test('a name that only one package stands for is that, of several one is to be chosen', () => {
    assert.deepEqual(inTemplate({ pkg: 'default-mta' }), []);
    const text = template({ pkg: 'awk' });
    const { problems } = parseTemplate(text, 'yaml', { server });
    assert.deepEqual(
      problems.map((each) => `${marked(each, text)}: ${each.message}`),
      [
        '10:15 unknown-package «awk»: “awk” is no package by itself: name one of those that provide it: gawk, mawk.',
      ],
    );
    assert.deepEqual(
      problems[0]?.fixes?.map(({ edits }) => applyEdits(text, edits)),
      ['gawk', 'mawk'].map((pkg) => template({ pkg })),
    );
    assert.equal(
      fixAll(text, (each) => parseTemplate(each, 'yaml', { server }).problems),
      text,
      'which, a person says',
    );
    assert.deepEqual(inTemplate({ pkg: 'driver-abi' }), [
      '10:15 unknown-package «driver-abi»: “driver-abi” is in contrib: add that to “components” of stack.os.',
    ]);
  });
  test('and is put right in the file’s own way of quoting', () => {
    const wrong = template({
      name: '"Debain"',
      arch: 'amd64',
      profile: "'Minmal'",
      type: 'OpenStack QCOW2',
      account: 'labb',
    });
    const fixed = fixAll(wrong, (each) => parseTemplate(each, 'yaml', { server }).problems);
    assert.equal(fixed, template({ name: '"Debian"', profile: "'Minimal'", type: 'OpenStack QCOW2' }));
  });
  test('a request’s format and account are looked for, too', () => {
    const text = `<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><compress>true</compress><credAccount xsi:type="ns0:CredAccountAws"><name>lob</name></credAccount><targetFormat><name>Docker</name></targetFormat></ns0:image>`;
    assert.deepEqual(
      parseRepresentation(text, { server }).problems.map(({ code }) => code),
      ['unknown-account', 'unknown-target-format', 'missing-entrypoint'],
    );
  });
});

test('what a forge does not build is an error where it says so, and a quota that is used up a warning', () => {
  const setup = '  installation: { seLinuxMode: enforcing, diskSize: 100 }\nbuilders:';
  const text = template().replace('builders:', setup);
  const said = (more: Partial<ServerKnowledge>): string[] =>
    parseTemplate(text, 'yaml', {
      server: { ...server, ...more },
    }).problems.map((each) => `${each.severity} ${marked(each, text)}: ${each.message}`);
  assert.deepEqual(said({ templateKeys: [] }), [], 'a UForge AppCenter builds what it likes');
  assert.deepEqual(said({ templateKeys: ['Stack.hostname'] }), [
    'error 12:32 not-buildable «enforcing»: stack.installation.seLinuxMode “enforcing”: Debian comes without SELinux, only disabled.',
    'error 12:53 not-buildable «100»: stack.installation.diskSize 100 MB: between 512 and 2097151 MB.',
  ]);
  const root = template().replace(
    'builders:',
    '  installation: { partitioning: { disks: [{ name: sda, type: msdos, size: 4096, partitions: [{ number: 1, fstype: ext4, size: 1024, mountPoint: /srv }] }] } }\nbuilders:',
  );
  const severities = (more: Partial<ServerKnowledge>): string[] =>
    parseTemplate(root, 'yaml', { server: { ...server, ...more } }).problems.flatMap(({ code, severity }) =>
      code === 'missing-root' ? [severity] : [],
    );
  assert.deepEqual([severities({}), severities({ templateKeys: ['x'] })], [['warning'], ['error']]);
  const quota = parseTemplate(template(), 'yaml', {
    server: { ...server, generations: { limit: 3, used: 3 } },
  }).problems.map((each) => `${each.severity} ${each.message}`);
  assert.deepEqual(quota, ['warning Your quota on forge.example.com is used up: 3 of 3 generations.']);
});

test('and so it is of a request, whose simulation is not counted', () => {
  const request = (profile = '<memorySize>512</memorySize>', more = ''): string =>
    `<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge"><compress>true</compress><targetFormat><name>VirtualBox</name></targetFormat><installProfile>${profile}</installProfile>${more}</ns0:image>`;
  const said = (text: string, more: Partial<ServerKnowledge>): string[] =>
    parseRepresentation(text, { server: { ...server, ...more } }).problems.map((each) =>
      `${marked(each, text)}: ${each.message}`.replace(/^\d+:\d+ /, ''),
    );
  const usedUp = { generations: { limit: 3, used: 3 } };
  const quota = 'warning quota «ns0:image»: Your quota on forge.example.com is used up: 3 of 3 generations.';
  assert.deepEqual(said(request(), usedUp), [quota]);
  assert.ok(!said(request(undefined, '<simulated>true</simulated>'), usedUp).includes(quota));
  const wrong = request(
    '<diskSize>100</diskSize><kernelParameters>quiet a"b</kernelParameters><memorySize>32</memorySize><seLinuxMode>enforcing</seLinuxMode>',
    '<entrypoint>/bin/sh</entrypoint>',
  );
  assert.deepEqual(said(wrong, { templateKeys: [] }), [], 'a UForge AppCenter builds what it likes');
  assert.deepEqual(said(wrong, { templateKeys: ['Stack.hostname'] }), [
    'not-buildable «100»: installProfile.diskSize 100 MB: between 512 and 2097151 MB.',
    'not-buildable «quiet a"b»: installProfile.kernelParameters “a"b”: one parameter without blanks or quotes each.',
    'not-buildable «32»: installProfile.memorySize 32 MB: between 64 and 1048576 MB.',
    'not-buildable «enforcing»: installProfile.seLinuxMode “enforcing”: Debian comes without SELinux, only disabled.',
    'exclusive «/bin/sh»: “entrypoint” is for Docker and OpenShift: what starts from VirtualBox is a whole system. Remove it.',
  ]);
});

test('a builder’s own sizes are held against what a forge builds, too', () => {
  const text = template().replace('512 }', '32 }\n    installation: { diskSize: 100, swapSize: 512 }');
  const { problems } = parseTemplate(text, 'yaml', { server: { ...server, templateKeys: ['x'] } });
  assert.deepEqual(
    problems.flatMap(({ code, message }) => (code === 'not-buildable' ? [message] : [])),
    [
      'builders[0].hardwareSettings.memory 32 MB: between 64 and 1048576 MB.',
      'builders[0].installation.diskSize 100 MB: between 512 and 2097151 MB.',
      'builders[0].installation.swapSize 512 MB does not fit into diskSize 100 MB.',
    ],
  );
});

suite('what the server has is offered', () => {
  const labels = (kind: 'representation' | 'template', text: string): string[] =>
    completeAt(kind, text.replace('|', ''), text.indexOf('|'), server).map(({ label }) => label);
  test('in a template', () => {
    assert.deepEqual(labels('template', template({ type: '|' })), server.formats);
    assert.deepEqual(labels('template', template({ name: '|' })), ['Debian']);
    assert.deepEqual(labels('template', template({ version: '|' })), ['12', '13']);
    assert.deepEqual(labels('template', template({ profile: '|' })), ['Minimal', 'Server']);
    assert.deepEqual(
      labels('template', 'builders:\n  - type: OpenStack QCOW2\n    account:\n      name: |\n'),
      ['lab'],
    );
    const zones = labels('template', 'stack:\n  installation:\n    timezone: |\n');
    assert.ok(zones.includes('Europe/London'));
  });
  test('written so that YAML reads a text', () => {
    const text = template({ version: '|' });
    const [first] = completeAt('template', text.replace('|', ''), text.indexOf('|'), server);
    assert.equal(first?.insertText, "'12'");
  });
  test('in a request', () => {
    const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';
    const format = '<targetFormat><name>|</name></targetFormat>';
    assert.deepEqual(labels('representation', `<ns0:image ${ns}>${format}</ns0:image>`), server.formats);
    const account = '<credAccount><name>|</name></credAccount>';
    assert.deepEqual(labels('representation', `<ns0:image ${ns}>${account}</ns0:image>`), ['lab', 'shop']);
  });
  test('the name of a package is found while it is typed', () => {
    const text = template({ pkg: 'ng|in # web' });
    const found = packageAt(text.replace('|', ''), text.indexOf('|'));
    assert.deepEqual(
      [found?.system, found?.typed],
      [{ name: 'Debian', version: '12', arch: 'x86_64' }, 'ng'],
    );
    assert.equal(text.replace('|', '').slice(found?.from, found?.to), 'ngin');
    assert.equal(packageAt(text.replace('|', ''), 10), undefined);
  });
});
