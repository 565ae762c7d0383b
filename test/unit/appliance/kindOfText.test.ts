import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { kindOfText } from '../../../src/appliance/find/kindOfText.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';

suite('a definition is told by its name and its text', () => {
  test('XML of any name is a request when its root is in UForge’s namespace', () => {
    assert.equal(
      kindOfText('/a/order.xml', `<?xml version="1.0"?>\n<!-- a > b -->\n<ns0:image ${ns}/>`),
      'representation',
    );
    assert.equal(kindOfText('/a/order.xml', `<ns0:publishImage ${ns} `), 'representation', 'half typed');
    assert.equal(kindOfText('/a/pom.xml', '<project/>'), undefined);
    const mentioned = `<project><!-- <ns0:image ${ns}/> --></project>`;
    assert.equal(kindOfText('/a/pom.xml', mentioned), undefined, 'mentioned further inside');
    assert.equal(kindOfText('/a/representation.xml', '<image>'), 'representation', 'the name says it');
  });

  test('YAML and JSON of any name are templates when they have a stack and builders at their top', () => {
    assert.equal(kindOfText('/a/web.yml', 'stack:\n  name: a\nbuilders: []\n'), 'template');
    assert.equal(kindOfText('/a/web.yml', '"stack": {}\n"builders" : []\n'), 'template');
    assert.equal(kindOfText('/a/ci.yml', 'jobs:\n  stack: 1\n  builders: 2\n'), undefined, 'not at the top');
    assert.equal(kindOfText('/a/ci.yml', 'stack:\n  - 1\n'), undefined);
    assert.equal(
      kindOfText('/a/web.json', '{"stack":{"name":"a"},"builders":[]}'),
      'template',
      'on one line',
    );
    assert.equal(kindOfText('/a/web.json', '{"x":{"stack":1},"builders":[]}'), undefined);
    assert.equal(kindOfText('/a/web.json', '{"x":"\\"stack\\": 1","builders":[]}'), undefined, 'in a text');
    assert.equal(kindOfText('/a/web.yml', '{ stack: {}, builders: [] }'), 'template', 'in flow style');
  });

  test('a file named as a template is one with either of the two', () => {
    assert.equal(kindOfText('/a/template.yml', 'stack:\n'), 'template');
    assert.equal(kindOfText('/a/template.json', '{"builders": []'), 'template');
    assert.equal(kindOfText('/a/template.yaml', 'AWSTemplateFormatVersion: 1\n'), undefined);
  });
});
