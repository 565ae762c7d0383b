import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { completeAt, hoverAt, typedPackageAt } from '../../../src/appliance/language/language.ts';
import type { ServerKnowledge } from '../../../src/appliance/catalog/serverKnowledge.ts';

const server: ServerKnowledge = {
  server: 'the local forge',
  formats: ['VirtualBox', 'Amazon AWS'],
  accounts: [
    { name: 'shop', platform: 'Amazon' },
    { name: 'farm', platform: 'OpenStack' },
  ],
  distributions: [{ id: 1, name: 'Debian', version: '12', arch: 'x86_64' }],
};

function completed(marked: string, hasSchema = false): readonly string[] {
  const offset = marked.indexOf('|');
  return completeAt('template', marked.replace('|', ''), offset, server, hasSchema).map(({ label }) => label);
}

suite('a template in JSON', () => {
  test('is offered the keys that are missing, required ones first, however unfinished it is', () => {
    assert.deepEqual(completed('{ "stack": { "name": "a", "os": {"na|').slice(0, 3), [
      'name',
      'version',
      'arch',
    ]);
    assert.deepEqual(completed('{ "stack": { "version": "1", |').slice(0, 2), ['name', 'os']);
    assert.equal(completed('{ "stack": {}, "|": 1, "builders": [] }').includes('builders'), false);
  });
  test('is offered what the server has', () => {
    assert.deepEqual(completed('{ "builders": [ { "type": "|" } ] }'), ['VirtualBox', 'Amazon AWS']);
    assert.deepEqual(completed('{ "stack": { "os": { "name": |'), ['Debian']);
    const account = '{ "builders": [ { "type": "Amazon AWS", "account": { "name": "|" } } ] }';
    assert.deepEqual(completed(account), ['shop']);
  });
  test('is offered the cards it has, also where the editor knows the schema', () => {
    const links = (bond: string, vlan = ''): string =>
      `{ "stack": { "installation": { "nics": [ { "name": "one" }, {} ],
        "bonds": [ { "name": "bond0", "nics": [ ${bond} ] } ], "vlans": [ { "on": ${vlan} } ] } } }`;
    assert.deepEqual(completed(links('"one", "|"'), true), ['one', 'eth1']);
    assert.deepEqual(completed(links('|'), true), ['one', 'eth1']);
    assert.deepEqual(completed(links('', '"|"'), true), ['one', 'eth1', 'bond0']);
  });
  test('is offered values as JSON writes them', () => {
    const marked = '{ "stack": { "installation": { "firewall": | } } }';
    const offset = marked.indexOf('|');
    const [first] = completeAt('template', marked.replace('|', ''), offset);
    assert.equal(first?.insertText, 'true');
    const type = '{ "builders": [ { "type": "Vir" } ] }';
    const [format] = completeAt('template', type, type.indexOf('Vir') + 3, server);
    assert.deepEqual([format?.insertText, type.slice(format?.from, format?.to)], ['"VirtualBox"', '"Vir"']);
  });
  test('is offered only what no schema says where the editor knows the schema', () => {
    assert.deepEqual(completed('{ "stack": { "| } }', true), []);
    assert.deepEqual(completed('{ "builders": [ { "type": "|" } ] }', true), ['VirtualBox', 'Amazon AWS']);
  });
  test('is explained like one in YAML', () => {
    const json = '{ "builders": [ { "hardwareSettings": { "memory": 5 } } ] }';
    const yaml = 'builders:\n  - hardwareSettings:\n      memory: 5\n';
    const text = hoverAt('template', json, json.indexOf('emory'))?.text;
    assert.ok(text !== undefined);
    assert.equal(text, hoverAt('template', yaml, yaml.indexOf('emory'))?.text);
  });
  test('knows the package that is typed, and for which system', () => {
    const os = '"name": "Debian", "version": "12", "arch": "x86_64"';
    const text = `{ "stack": { "os": { ${os}, "pkgs": [ { "name": "ngi" } ] } } }`;
    const typed = typedPackageAt(text, text.indexOf('ngi') + 3);
    assert.equal(typed?.typed, 'ngi');
    assert.deepEqual(typed.system, { name: 'Debian', version: '12', arch: 'x86_64' });
  });
});
