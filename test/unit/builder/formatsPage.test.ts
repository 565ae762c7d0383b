import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { targetFormatNamed } from '../../../src/appliance/catalog/targetFormats.ts';
import { targetFormats } from '../../../src/builder/index.ts';
import type { ImageShape } from '../../../src/builder/formats/format.ts';
import { imageFormatOf } from '../../../src/builder/formats/formats.ts';
import { starts } from '../../support/imageStarts.ts';

const page = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');
const names = targetFormats.map(({ name }) => name);

/** The rows of the table whose heading has that text, by target format; the first cell may name several. */
function tableWith(heading: string): Map<string, readonly string[]> {
  const lines = page.split('\n');
  const from = lines.findIndex((line) => line.startsWith('| target format') && line.includes(heading));
  const rows = new Map<string, readonly string[]>();
  for (const line of lines.slice(from + 2)) {
    if (!line.startsWith('|')) break;
    const [called = '', ...cells] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    for (const name of called.split(', ')) {
      assert.ok(!rows.has(name), `${name} is there twice`);
      rows.set(name, cells);
    }
  }
  return rows;
}

const extensions: Readonly<Record<ImageShape, string>> = {
  ...{ 'raw disk': '.raw', qcow2: '.qcow2', vmdk: '.vmdk', vhd: '.vhd', vhdx: '.vhdx', vdi: '.vdi' },
  ...{ 'OVA of VirtualBox': '.ova', 'OVA of VMware': '.ova', 'Vagrant box': '.box', 'live ISO': '.iso' },
  ...{ 'KVM archive': '.tar', 'Xen archive': '.tar', 'OCI archive': '.tar', 'LXC archive': '.tar.gz' },
  ...{ 'raw disk in tar': '.tar.gz', 'root in tar': '.tar.gz', 'network boot': '.ipxe' },
};

suite('docs/formats.md', () => {
  test('has every target format that is built, and no other, in both tables', () => {
    assert.deepEqual([...tableWith('made for').keys()].sort(), names.toSorted());
    assert.deepEqual([...tableWith('started on').keys()], names);
    assert.match(page, new RegExp(`^The local forge builds the ${names.length - 1} target formats`, 'm'));
  });

  test('says of each what its row in the table of formats says', () => {
    for (const [name, [file = '', madeFor = '']] of tableWith('made for')) {
      const format = imageFormatOf(name);
      assert.ok(format, name);
      const { shape, system } = format;
      assert.ok(file.includes(`\`${extensions[shape]}`), `${name}: ${file}`);
      assert.equal(file.includes('hwType'), targetFormatNamed(name)?.hwType === true, `${name}: ${file}`);
      assert.equal(file.includes('streamOptimized'), shape === 'vmdk', `${name}: ${file}`);
      const hasFullKernel = /full kernel|AHCI|LSI Logic|PVSCSI/.test(madeFor);
      assert.equal(system.kernel === 'full', hasFullKernel, `${name}: ${madeFor}`);
    }
  });

  test('says of every test appliance what is asked inside, and of no other', () => {
    const heading = page.indexOf('| appliance ');
    const rows = page.slice(heading, page.indexOf('\n\n', heading)).split('\n').slice(2);
    const named = rows.map((row) => row.split('|')[1]?.trim().replace(/, .*/, '') ?? '');
    const folders = readdirSync(new URL('../../appliances', import.meta.url));
    assert.deepEqual([...new Set(named)].sort(), ['a container', ...folders].sort());
  });

  test('shows the run of each under the name its file gets, and what it was started on', () => {
    for (const [name, cells] of tableWith('started on')) {
      const { imageFormat = '' } = targetFormatNamed(name) ?? {};
      assert.ok(cells[0]?.startsWith(`nginx_1.0rev1_${imageFormat}.`), `${name}: ${cells[0]}`);
      const on = starts.filter(({ format }) => format === name).map((each) => each.on);
      assert.equal(cells.at(-1), on.join('; '), name);
    }
  });
});
