import { suite, test } from 'node:test';

import { archivedText } from '../../../src/appliance/archive/archivedText.ts';
import { layOutArchive } from '../../../src/appliance/archive/layout.ts';
import { fieldEdits } from '../../../src/appliance/form/edits.ts';
import { requestForm } from '../../../src/appliance/form/requestForm.ts';
import { parseKernelParameters } from '../../../src/appliance/catalog/kernelParameters.ts';
import { formatXml } from '../../../src/appliance/request/formatRequest.ts';
import { completeJsonAt, explainJsonAt } from '../../../src/appliance/language/jsonLanguage.ts';
import { completeAt, hoverAt, typedPackageAt } from '../../../src/appliance/language/language.ts';
import { outlineOf } from '../../../src/appliance/language/outline.ts';
import { renamingAt } from '../../../src/appliance/language/rename.ts';
import { foldsOf, tagPairAt } from '../../../src/appliance/language/tags.ts';
import { kindOfText } from '../../../src/appliance/find/kindOfText.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { parseRestrictionRule } from '../../../src/appliance/template/rules/restrictionRule.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import type { TemplateLanguage } from '../../../src/appliance/template/model/template.ts';
import { hashPasswords } from '../../../src/builder/plan/passwords.ts';
import { sealedText } from '../../../src/forge/appliances/storedPasswords.ts';
import { parseFiql } from '../../../src/uforge/fiql.ts';
import { assertLinear, type Growing } from '../../support/growth.ts';

type Shape = Growing['input'];

/** So many characters of one piece after another. */
const pieces = (length: number, piece: (index: number) => string): string => {
  const { length: each } = piece(1000);
  return Array.from({ length: Math.ceil(length / each) }, (_, index) => piece(index)).join('');
};
/** A text where each variant differs from its first line on, so that nothing of it is known from before. */
const yaml =
  (body: (length: number, variant: number) => string): Shape =>
  (length, variant) =>
    `stack:\n  name: v${variant}\n  version: '1'\n  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }\n${body(length, variant)}`;

/** More of `stack.os`; a key for repositories is at hand. */
const ofSystem =
  (body: (length: number, variant: number) => string): Shape =>
  (length, variant) =>
    `x: &k "-----BEGIN PGP PUBLIC KEY BLOCK-----\\nA\\n-----END PGP PUBLIC KEY BLOCK-----"\nstack:\n  name: v${variant}\n  version: '1'\n  os:\n    name: Debian\n    version: '12'\n    arch: amd64\n    profile: Minimal\n${body(length, variant)}`;

const templates: Readonly<Record<string, Shape>> = {
  packages: (length, variant) =>
    `stack:\n  name: v${variant}\n  version: '1'\n  os:\n    name: Debian\n    version: '12'\n    arch: amd64\n    profile: Minimal\n    pkgs:\n${pieces(length, (i) => `      - name: p${i}v${variant}\n`)}`,
  'unknown keys': yaml((length, variant) => pieces(length, (i) => `k${i}v${variant}: 1\n`)),
  'keys in braces': yaml((length, v) => `x: { ${pieces(length, (i) => `k${i}v${v}: 1, `)} }\n`),
  'items in brackets': yaml((length) => `x: [${pieces(length, () => '1, ')}]\n`),
  anchors: yaml((length, v) => `x:\n${pieces(length, (i) => `  - &a${i} v${v}\n`)}`),
  aliases: yaml((length, v) => `y: &a v${v}\nx:\n${pieces(length, () => '  - *a\n')}`),
  'aliases of aliases': yaml(
    (length) => `a0: &a0 [1]\n${pieces(length, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`)}`,
  ),
  'blank lines': yaml((length) => `${'\n'.repeat(length)}x: 1\n`),
  'blank lines inside': yaml((length, v) => pieces(length, (i) => `k${i}v${v}:\n${'\n'.repeat(30)} - a\n`)),
  comments: yaml((length) => pieces(length, () => '  # c\n')),
  'deep brackets': yaml((length) => `x: ${'['.repeat(length / 2)}${']'.repeat(length / 2)}\n`),
  'deep dashes': yaml((length) => `x:\n  ${'- '.repeat(length / 2)}1\n`),
  'deep lines': yaml((length) => {
    const depth = Math.floor(Math.sqrt(2 * length));
    return Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
  }),
  'blanks in a line': yaml((length) => `a${' '.repeat(length)}b\n`),
  'lines of blanks': yaml((length) => pieces(length, (i) => `a${i}${' '.repeat(200)}\n`)),
  'one long value': yaml((length) => `x: ${'a '.repeat(length / 2)}\n`),
  'one long key': yaml((length) => `${'a'.repeat(length)}: 1\n`),
  'a text of lines': yaml((length) => `x: |\n${'  a: b\n'.repeat(length / 7)}`),
  'open quotes': yaml((length) => `x: "${'\\n'.repeat(length / 2)}\n`),
  tags: yaml((length) => `x: ${'!a '.repeat(length / 3)}\n`),
  'stray brackets': yaml((length) => ' }]\n'.repeat(length / 4)),
  'question marks': yaml((length) => '? a\n'.repeat(length / 4)),
  directives: (length, variant) => `# ${variant}\n${'%a\n'.repeat(length / 3)}`,
  'wrong keys': (length, variant) =>
    `stack:\n  name: v${variant}\n  version: '1'\n  os:\n    name: Debian\n    version: '12'\n    arch: amd64\n    pkgs:\n${pieces(length, (i) => `      - nme: p${i}v${variant}\n`)}`,
  'unquoted versions': (length, variant) =>
    `stack:\n  name: v${variant}\n  version: '1'\n  os:\n    name: Debian\n    version: '12'\n    arch: amd64\n    profile: Minimal\n    pkgs:\n${pieces(length, (i) => `      - { name: p${i}v${variant}, version: 1.1 }\n`)}`,
  'ssh keys': yaml(
    (length, v) =>
      `  installation:\n    rootUser:\n      sshKeys:\n${pieces(length, (i) => `        - { publicKey: ssh-ed25519 A${i}v${v} }\n`)}`,
  ),
  'one long ssh key': yaml(
    (length) => `  installation: { rootUser: { sshKeys: [{ publicKey: "ssh-${'x'.repeat(length)}" }] } }\n`,
  ),
  users: yaml(
    (length, v) => `  installation:\n    users:\n${pieces(length, (i) => `      - { name: u${i}v${v} }\n`)}`,
  ),
  groups: yaml(
    (length, v) => `  installation:\n    groups:\n${pieces(length, (i) => `      - { name: g${i}v${v} }\n`)}`,
  ),
  cards: yaml(
    (length) => `  installation:\n    nics:\n${pieces(length, () => '      - { autoConnect: true }\n')}`,
  ),
  disks: yaml(
    (length, v) =>
      `  installation:\n    partitioning:\n      disks:\n${pieces(length, (i) => `        - { name: d${i}v${v}, type: msdos, size: 9000, partitions: [{ number: 1, fstype: ext4, size: 9 }] }\n`)}`,
  ),
  partitions: yaml(
    (length) =>
      `  installation:\n    partitioning:\n      disks:\n        - name: sda\n          type: gpt\n          size: 9000\n          partitions:\n${pieces(length, (i) => `            - { number: ${i}, fstype: ext4, size: 9, mountPoint: /m${i} }\n`)}`,
  ),
  'kernel parameters': yaml(
    (length) => `  installation:\n    kernelParams:\n${pieces(length, (i) => `      - a${i}=b\n`)}`,
  ),
  'boot scripts': yaml(
    (length, v) =>
      `  config:\n${pieces(length, (i) => `    - { name: n${i}v${v}, source: s${i}.sh, type: bootscript, frequency: firstboot }\n`)}`,
  ),
  bundles: yaml(
    (length, v) =>
      `  bundles:\n${pieces(length, (i) => `    - { name: b${i}v${v}, version: '1', files: [{ name: f, source: f }] }\n`)}`,
  ),
  'files of a bundle': yaml(
    (length, v) =>
      `  bundles:\n    - name: b\n      version: '1'\n      files:\n${pieces(length, (i) => `        - { name: f${i}v${v}, source: f${i} }\n`)}`,
  ),
  tagged: yaml(
    (length) =>
      `  bundles:\n    - name: b\n      version: '1'\n      files:\n${pieces(length, (i) => `        - { name: f${i}, source: f${i}, tag: softwarefle }\n`)}`,
  ),
  'further repositories': ofSystem(
    (length, v) =>
      `    repositories:\n${pieces(length, (i) => `      - { name: r${i}v${v}, url: 'http://h${i}v${v}.org', suite: s, key: *k }\n`)}`,
  ),
  bonds: yaml(
    (length, v) =>
      `  installation:\n    bonds:\n${pieces(length, (i) => `      - { name: b${i}v${v}, nics: [] }\n`)}`,
  ),
  vlans: yaml(
    (length, v) =>
      `  installation:\n    internetSettings: configure\n    nics: [{ name: a }]\n    vlans:\n${pieces(length, (i) => `      - { name: v${i}v${v}, on: a, id: 2 }\n`)}`,
  ),
  'cards of a bond, and none of them there': yaml(
    (length, v) =>
      `  installation:\n    internetSettings: configure\n    nics:\n${pieces(length / 2, (i) => `      - { name: n${i}v${v} }\n`)}    bonds:\n      - name: b\n        nics:\n${pieces(length / 2, (i) => `          - x${i}v${v}   \n`)}`,
  ),
  'parts of a volume group, and none of them there': yaml(
    (length, v) =>
      `  installation:\n    partitioning:\n      disks:\n${pieces(length / 2, (i) => `        - { name: d${i}v${v}, type: LVM, size: 90 }\n`)}      volumeGroups:\n        - name: g\n          physicalVolumes:\n${pieces(length / 2, (i) => `            - { name: x${i}v${v} }\n`)}`,
  ),
  // Few, as each more took half as long again.
  'dots in the name of a kernel parameter': yaml(
    (length) => `  installation: { sysctl: { "a${'.'.repeat(length / 2500)}!": 1 } }\n`,
  ),
  'files of its own': yaml(
    (length, v) =>
      `  installation:\n    files:\n${pieces(length, (i) => `      - { path: /a${i}v${v}, content: b }\n`)}`,
  ),
  builders: yaml((length) => `builders:\n${pieces(length, (i) => `  - { type: VirtualBox, a${i}: 1 }\n`)}`),
};

const json =
  (body: (length: number) => string): Shape =>
  (length, variant) =>
    `{ "v": ${variant}, "stack": { "name": "a", "version": "1", "os": { "name": "Debian", "version": "12", "arch": "amd64" }, ${body(length)} } }`;

const jsons: Readonly<Record<string, Shape>> = {
  keys: json((length) => `${pieces(length, (i) => `"k${i}": 1, `)}"x": 1`),
  items: json((length) => `"x": [${'1,'.repeat(length / 2)}1]`),
  depth: json((length) => `"x": ${'['.repeat(length / 2)}${']'.repeat(length / 2)}`),
  'wrong at the end': json((length) => `"x": [${'1,'.repeat(length / 2)}x]`),
  'blank lines': json((length) => `"x": ${'\n'.repeat(length)}1`),
  'one long text': json((length) => `"x": "${'\\u0041'.repeat(length / 6)}"`),
};

const xml =
  (body: (length: number, variant: number) => string): Shape =>
  (length, variant) =>
    `<u:image xmlns:u="http://www.usharesoft.com/uforge"><name>v${variant}</name>${body(length, variant)}<targetFormat><name>VirtualBox</name></targetFormat></u:image>`;

const requests: Readonly<Record<string, Shape>> = {
  users: xml(
    (length, v) =>
      `<installProfile><users>${pieces(length, (i) => `<user><name>u${i}v${v}</name></user>\n`)}</users></installProfile>`,
  ),
  'elements in another order': xml(
    (length, v) =>
      `<installProfile><users>${pieces(length, (i) => `<user><shell>/a</shell><name>u${i}v${v}</name></user>\n`)}</users></installProfile>`,
  ),
  'unknown elements': xml((length) => '<a/>'.repeat(length / 4)),
  'undeclared prefixes': xml((length) => '<x:a/>'.repeat(length / 6)),
  'repeated elements': xml((length) => '<name>a</name>'.repeat(length / 14)),
  'open elements': xml((length) => '<a>'.repeat(length / 3)),
  'stray end tags': xml((length) => '</a>'.repeat(length / 4)),
  'deep elements': xml((length) => `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`.repeat(length / 350)),
  attributes: xml((length) => `<a ${pieces(length, (i) => `b${i}="1" `)}/>`),
  'attributes of no value': xml((length) => `<a ${'b '.repeat(length / 2)}/>`),
  namespaces: xml((length) => `<a ${pieces(length, (i) => `xmlns:b${i}="u" `)}/>`),
  'signs in attributes': xml((length) => '<a b="<"/>'.repeat(length / 10)),
  signs: xml((length) => '<'.repeat(length)),
  references: xml((length) => '&amp;'.repeat(length / 5)),
  'broken references': xml((length) => '&'.repeat(length)),
  comments: xml((length) => '<!---->'.repeat(length / 7)),
  'texts between comments': xml((length) => 'x<!--a-->'.repeat(length / 9)),
  'open comments': xml((length) => '<!--'.repeat(length / 4)),
  CDATA: xml((length) => '<![CDATA[]]>'.repeat(length / 12)),
  'document types': (length, v) => `<!-- ${v} -->${'<!DOCTYPE '.repeat(length / 10)}`,
  'blank lines': xml((length) => '\n'.repeat(length)),
  'blanks in a tag': xml((length) => `<a${' '.repeat(length)}/>`),
  'texts between elements': xml((length) => 'a<b/>'.repeat(length / 5)),
  'one long value': xml((length) => `<description>${'a '.repeat(length / 2)}</description>`),
  'one long name': xml((length) => `<${'a'.repeat(length)}/>`),
};

/** Everything an editor asks of a text, at its middle and at its end. */
function askAsAnEditor(kind: 'template' | 'representation', text: string): void {
  outlineOf(kind, text);
  for (const at of [text.length >> 1, text.length]) {
    completeAt(kind, text, at);
    hoverAt(kind, text, at);
    renamingAt(kind, text, at);
    if (kind === 'representation') tagPairAt(text, at);
    else typedPackageAt(text, at);
  }
  if (kind === 'template') return;
  foldsOf(text);
  formatXml(text, '  ');
  requestForm(text);
  fieldEdits(text, 'name', 'other');
}

/** Comparing is quick: only many keys show that each is compared with all before it. */
const sizeFor = (name: string): number => (name.startsWith('keys') ? 40_000 : 12_000);

const asTemplate = (language: TemplateLanguage) => (text: string) => parseTemplate(text, language);

suite('no reader takes more than its share for more of the same', { concurrency: false }, () => {
  for (const [name, input] of Object.entries(templates)) {
    test(`a template in YAML: ${name}`, () =>
      assertLinear(name, { input, read: asTemplate('yaml'), from: sizeFor(name) }));
    test(`an editor with a template: ${name}`, () =>
      assertLinear(name, { input, read: (text) => askAsAnEditor('template', text) }));
  }
  for (const [name, input] of Object.entries(jsons)) {
    test(`a template in JSON: ${name}`, () =>
      assertLinear(name, { input, read: asTemplate('json'), from: sizeFor(name) }));
    test(`an editor with JSON: ${name}`, () =>
      assertLinear(name, {
        input,
        read: (text) =>
          [text.length >> 1, text.length].map((at) => [completeJsonAt(text, at), explainJsonAt(text, at)]),
      }));
  }
  for (const [name, input] of Object.entries(requests)) {
    test(`a request: ${name}`, () => assertLinear(name, { input, read: parseRepresentation }));
    test(`an editor with a request: ${name}`, () =>
      assertLinear(name, { input, read: (text) => askAsAnEditor('representation', text) }));
  }
});

/** An error is as good as an answer here. */
const tried = (read: (text: string) => unknown) => (text: string) => {
  try {
    return read(text);
  } catch (error) {
    return error;
  }
};

suite('no small language takes more than its share', { concurrency: false }, () => {
  const rules: Readonly<Record<string, Shape>> = {
    terms: (length) => pieces(length, (i) => `Distribution#name=a${i} || `),
    parentheses: (length) => '('.repeat(length),
    blanks: (length) => `Distribution#name${' '.repeat(length)}`,
    'a value': (length) => `Distribution#name=${'a'.repeat(length)}`,
  };
  for (const [name, input] of Object.entries(rules)) {
    test(`restriction rules: ${name}`, () =>
      assertLinear(name, { input, read: tried(parseRestrictionRule) }));
  }
  const queries: Readonly<Record<string, Shape>> = {
    terms: (length) => pieces(length, (i) => `name==a${i};`).slice(0, -1),
    parentheses: (length) => '('.repeat(length),
    wildcards: (length) => `name=='${'*'.repeat(length)}'`,
    'a value': (length) => `name=='${"\\'".repeat(length / 2)}'`,
    operators: (length) => '='.repeat(length),
  };
  for (const [name, input] of Object.entries(queries)) {
    test(`FIQL: ${name}`, () => assertLinear(name, { input, read: tried(parseFiql) }));
  }
  const parameters: Readonly<Record<string, Shape>> = {
    words: (length) => 'a '.repeat(length / 2),
    commas: (length) => ','.repeat(length),
    quotes: (length) => '"'.repeat(length),
    blanks: (length) => `a${' '.repeat(length)}b`,
  };
  for (const [name, input] of Object.entries(parameters)) {
    test(`kernel parameters: ${name}`, () => assertLinear(name, { input, read: parseKernelParameters }));
  }
  test('what kind of definition a text is', async () => {
    for (const [name, input] of Object.entries({ ...templates, ...requests })) {
      const read = (text: string): unknown => [kindOfText('a.xml', text), kindOfText('a.yml', text)];
      await assertLinear(name, { input, read, from: 2000 });
    }
  });
});

suite('nothing that goes into an archive takes more than its share', { concurrency: false }, () => {
  for (const name of [
    'packages',
    'files of a bundle',
    'boot scripts',
    'users',
    'keys in braces',
    'unquoted versions',
  ]) {
    const input = templates[name] ?? (() => '');
    test(`packed and sealed: ${name}`, () =>
      assertLinear(name, {
        input,
        read: async (text) => {
          const parsed = parseTemplate(text, 'yaml');
          if (parsed.template === undefined) return;
          archivedText(text, 'yaml', parsed, layOutArchive(parsed.template));
          await sealedText(text, false, ['a']);
        },
      }));
  }
  test('passwords', () =>
    assertLinear('passwords', {
      input: (length) => 'x'.repeat(length),
      read: (password) => hashPasswords([{ password, whose: [] }]).catch(() => undefined),
      from: 60,
    }));
});
