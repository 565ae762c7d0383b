import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { fixAll } from '../../../src/appliance/text/edits.ts';

const os = "  os: { name: Debian, version: '12', arch: x86_64, profile: Minimal }\n";
const stack = `stack:\n  name: web\n  version: '1.0'\n${os}`;

test('all at once is what leaves no choice', () => {
  const text = `<image><targetFormat><name>vbox</name></targetFormat><compressed>yes</compressed><installProfile><memorySize>1 GB</memorySize></installProfile></image>`;
  const fixed = fixAll(text, (each) => parseRepresentation(each).problems);
  assert.deepEqual(parseRepresentation(fixed).problems, []);
  assert.match(fixed, /<compress>true<\/compress><targetFormat><name>VirtualBox<\/name>/);
});

suite('all at once puts right', () => {
  const fixed = (inside: string): string => {
    const text = `${stack}  installation:\n${inside}`;
    return fixAll(text, (each) => parseTemplate(each, 'yaml').problems).slice(text.length - inside.length);
  };
  test('a size with its unit', () => {
    assert.equal(fixed('    diskSize: 8GB\n'), '    diskSize: 8192\n');
    assert.equal(fixed('    diskSize: "512 mb"\n'), '    diskSize: 512\n');
  });
  test('a shell without its path', () => {
    assert.equal(
      fixed('    users: [{ name: ada, shell: bash }]\n'),
      '    users: [{ name: ada, shell: /bin/bash }]\n',
    );
  });
});

suite('all at once leaves to the person', () => {
  const unchanged = (text: string): void => {
    assert.equal(
      fixAll(text, (each) => parseTemplate(each, 'yaml').problems),
      text,
    );
    assert.notDeepEqual(parseTemplate(text, 'yaml').problems, []);
  };
  test('a memory that is there with a wrong value, which would be there twice', () => {
    unchanged(`${stack}builders:\n  - type: VirtualBox\n    hardwareSettings:\n      memory: much\n`);
  });
  test('a keyboard that nobody meant', () => {
    unchanged(`${stack}  installation:\n    keyboard: azerty\n`);
  });
  test('a key with a likely and an unlikely meaning', () => {
    unchanged(`${stack}  internetSettings: dhcp\n`);
  });
  test('what only has an example for a value', () => {
    unchanged(`${stack}builders: [{ type: VirtualBox }]\n`);
  });
});
