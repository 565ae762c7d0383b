import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatProblem } from '../../../src/appliance/text/problem.ts';
import type { TemplateLanguage } from '../../../src/appliance/template/model/template.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { templateLanguageOf } from '../../../src/appliance/find/definitions.ts';
import { marked } from './support.ts';

const os = "os: { name: Debian, version: '12', arch: amd64, profile: Minimal }";
const valid = `stack:\n  name: web\n  version: '1.0'\n  ${os}\n`;

function problemsOf(text: string, language: TemplateLanguage = 'yaml'): string[] {
  return parseTemplate(text, language).problems.map((problem) => marked(problem, text));
}

suite('a template', () => {
  test('is read with everything its language has', () => {
    const text = `${valid}  installation:
    diskSize: 4096
    rootUser: { setPassword: yes, password: secret }
    seLinuxMode: disabled
  config:
    - { name: hello, source: hello.sh, type: bootscript, frequency: firstboot, order: 1 }
builders:
  - type: VirtualBox
    hardwareSettings: { memory: 512, hwType: 7 }
    somethingOfTheTarget: [1, two]
`;
    const { template, problems } = parseTemplate(text, 'yaml');
    assert.equal(template?.stack.os.arch, 'amd64');
    assert.equal(template.stack.installation?.rootUser?.setPassword, true, 'yes, as YAML 1.1 writes it');
    assert.equal(template.stack.config?.[0]?.frequency, 'firstboot');
    assert.deepEqual(template.builders?.[0]?.['somethingOfTheTarget'], [1, 'two']);
    assert.equal(template.builders[0].hardwareSettings?.hwType, '7');
    assert.deepEqual(
      problems.map(({ code }) => code),
      [],
    );
  });

  test('is YAML or JSON by its extension', () => {
    assert.deepEqual(['a.yml', 'a.YAML', 'a.json', 'a.txt'].map(templateLanguageOf), [
      'yaml',
      'yaml',
      'json',
      undefined,
    ]);
  });

  test('in JSON may be indented with tabs, may not have comments', () => {
    const text =
      '{\n\t"stack": {\n\t\t"name": "a", "version": "1",\n\t\t"os": {"name":"D","version":"12","arch":"amd64","profile":"M"}\n\t}\n}';
    assert.deepEqual(parseTemplate(text, 'json').problems, []);
    assert.deepEqual(problemsOf('{"stack": // no\n {}}', 'json'), ['1:11 not-well-formed «/»']);
    assert.deepEqual(problemsOf('{"stack": {"name": "a" "version": "1"}}', 'json'), [
      '1:24 not-well-formed «"»',
    ]);
    assert.deepEqual(problemsOf('{"stack": ', 'json'), ['1:11 not-well-formed «»']);
  });

  test('keeps a version as it is written, and says to quote it', () => {
    const text = valid.replace("'1.0'", '1.10');
    const { template, problems } = parseTemplate(text, 'yaml');
    assert.equal(template?.stack.version, '1.10');
    assert.deepEqual(
      problems.map((problem) => marked(problem, text)),
      ['3:12 warning unquoted-text «1.10»'],
    );
    assert.equal(problems[0]?.fixes?.[0]?.edits[0]?.newText, '"1.10"');
  });

  test('names what is missing where it is missing', () => {
    assert.deepEqual(problemsOf('stack:\n  name: a\n  os:\n    name: D\n'), [
      '1:1 missing-key «stack»',
      '3:3 missing-key «os»',
      '3:3 missing-key «os»',
    ]);
    assert.deepEqual(problemsOf(''), ['1:1 wrong-type «»']);
    assert.deepEqual(problemsOf('builders: []'), ['1:1 missing-key «builders»']);
  });

  test('marks keys nobody knows, and says which one was meant', () => {
    const text = `${valid}  instalation: { diskSize: 1 }\n`;
    const { problems } = parseTemplate(text, 'yaml');
    assert.deepEqual(
      problems.map((problem) => marked(problem, text)),
      ['5:3 warning unknown-key «instalation»'],
    );
    assert.match(problems[0]?.message ?? '', /Did you mean “installation”\?/);
  });

  test('marks values of the wrong kind', () => {
    const text = `${valid}  installation: { diskSize: 4 GB, seLinuxMode: off, firewall: maybe }
  config:
    - { name: a, source: [], type: bootscript, frequency: firstbot }
builders: VirtualBox
`;
    assert.deepEqual(problemsOf(text), [
      '5:29 wrong-type «4 GB»',
      '5:48 bad-value «off»',
      '5:63 wrong-type «maybe»',
      '7:26 wrong-type «[]»',
      '7:59 bad-value «firstbot»',
      '8:11 wrong-type «VirtualBox»',
    ]);
  });

  test('is checked for what fields say together', () => {
    const twice = '{ name: a, source: a.sh, type: bootscript, frequency: firstboot }';
    const text = `${valid.replace(', profile: Minimal', ', pkgs: [{ arch: amd64 }]')}  installation:
    diskSize: 10
    partitioning: {}
    rootUser: { setPassword: true }
  config:
    - ${twice}
    - ${twice}
`;
    assert.deepEqual(problemsOf(text), [
      '4:60 missing-key «arch: amd64»',
      '6:15 warning ignored «10»',
      '7:5 missing-key «partitioning»',
      '8:5 missing-key «rootUser»',
      '11:15 duplicate «a»',
    ]);
  });

  test('that is not well-formed says where', () => {
    assert.deepEqual(problemsOf('stack: {name: a, name: b}'), ['1:18 not-well-formed «n»']);
    assert.deepEqual(problemsOf('a: [').length > 0, true);
  });

  test('with a tab in its indentation has that one error, whichever line it is in', () => {
    const nested = `  bundles:\n    - name: b\n      version: '1'\n      files:\n        - name: f\n          source: f\n`;
    const lines = `${valid.replace(os, os.replaceAll(/[{,] /g, '\n    ').replace(' }', ''))}${nested}`.split(
      '\n',
    );
    const said = (index: number, indentation: string): string[] => {
      const text = lines
        .map((line, at) => (at === index ? line.replace(/^ +/, indentation) : line))
        .join('\n');
      return parseTemplate(text, 'yaml').problems.map(({ range, message }) => {
        return `${range.start.line}: ${message}`;
      });
    };
    const one = 'Not well-formed YAML: Tabs are not allowed as indentation';
    const indented = [...lines.keys()].filter((index) => lines[index]?.startsWith('  '));
    assert.equal(indented.length, 13);
    for (const index of indented) assert.deepEqual(said(index, '\t'), [`${index}: ${one}`]);
    const version = lines.findIndex((line) => line.startsWith('      version'));
    assert.deepEqual(said(version, '    \t'), [`${version}: ${one}`]);
  });

  test('shows what is wrong with a whole object at its key', () => {
    const root = '    rootUser:\n      setPassword: true\n      encrypted: false\n';
    const disk = '    partitioning:\n      name: sda\n      size: 1024\n';
    const text = `${valid}  installation:\n${root}${disk}`;
    const shown = parseTemplate(text, 'yaml').problems.map(({ code, range: { start, end } }) => {
      return `${code} ${start.line}:${start.character}-${end.line}:${end.character}`;
    });
    assert.deepEqual(shown, [
      'missing-key 5:4-5:12',
      'missing-key 8:4-8:16',
      'unknown-key 9:6-9:10',
      'unknown-key 10:6-10:10',
    ]);
  });

  test('that does not end a quoted text where something stands further left is told so', () => {
    for (const [mark, text] of [
      ["'", "destination:\n        'x''\n"],
      ['"', 'destination:\n        "x\\"\n'],
    ] as const) {
      const template = `stack:\n  bundles:\n    - name: d\n      ${text}  os:\n    name: y\n`;
      const { problems } = parseTemplate(template, 'yaml');
      assert.ok(problems.some(({ message }) => message.includes(`Missing closing ${mark}quote`)));
    }
  });

  test('can’t unfold itself without end', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 12; i++)
      lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join()}]`);
    const { problems, template } = parseTemplate(`${lines.join('\n')}\n${valid}accounts: *a11\n`, 'yaml');
    assert.equal(template, undefined);
    assert.equal(problems.filter(({ code }) => code === 'too-large').length, 1);
    assert.equal(parseTemplate('x'.repeat(5_000_000), 'yaml').problems[0]?.code, 'too-large');
  });

  test('can’t reach the prototype of objects', () => {
    const { template } = parseTemplate(
      `${valid}accounts: { __proto__: { polluted: true } }\nbuilders: [{ type: a, __proto__: { b: 1 } }]`,
      'yaml',
    );
    assert.equal(Object.getPrototypeOf(template?.builders?.[0]), Object.prototype);
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });

  test('with a byte order mark and Windows line ends has the same positions', () => {
    const text = valid.replace("'1.0'", '1.0').replaceAll('\n', '\r\n');
    const { problems } = parseTemplate(`\uFEFF${text}`, 'yaml');
    assert.deepEqual(
      problems.map((problem) => marked(problem, text)),
      ['3:12 warning unquoted-text «1.0»'],
    );
    assert.match(
      formatProblem(problems[0]!, 'template.yml'),
      /^template\.yml:3:12: warning: stack\.version is a text/,
    );
  });
});

test('a bracket that is not closed before thousands of lines is an error and no crash', () => {
  const lines = Array.from({ length: 40_000 }, (_, index) => `      - name: package${index}\n`).join('');
  const { problems } = parseTemplate(`stack:\n  {\n  os:\n    pkgs:\n${lines}`, 'yaml');
  assert.ok(problems.length > 0);
});
