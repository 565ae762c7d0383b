import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mendedBootScript } from '../../../src/appliance/archive/bootScriptText.ts';
import { packTemplate } from '../../../src/appliance/archive/packTemplate.ts';
import { problemsInText } from '../../../src/appliance/language/problemsInText.ts';

const template = `stack:
  name: web
  version: '1.0'
  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }
  config:
    - { name: windows, source: windows.sh, type: bootscript, frequency: firstboot }
    - { name: program, source: program, type: bootscript, frequency: firstboot }
  bundles:
    - name: b
      version: '1'
      files:
        - { name: plain, source: plain.sh, tag: bootscript, bootType: everyboot }
        - { name: text, source: text.txt }
`;

const mended = (text: string): string => Buffer.from(mendedBootScript(Buffer.from(text))).toString();

test('boot scripts that no system could start are said when a template is checked and when it is packed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forge-scripts-'));
  try {
    const file = join(folder, 'template.yml');
    await writeFile(file, template);
    await writeFile(join(folder, 'windows.sh'), '#!/bin/sh\r\ntrue\r\n');
    await writeFile(join(folder, 'program'), '\x7fELF\0\r\n');
    await writeFile(join(folder, 'plain.sh'), 'true\n');
    await writeFile(join(folder, 'text.txt'), 'no script\r\n');
    for (const problems of [await problemsInText(file, template), (await packTemplate(file)).problems]) {
      assert.deepEqual(
        problems?.map(({ severity, code, range, message }) => ({
          ...{ severity, code, line: range.start.line + 1, file: message.split(' ')[0] },
        })),
        [
          { severity: 'warning', code: 'line-ends', line: 6, file: '“windows.sh”' },
          { severity: 'warning', code: 'no-interpreter', line: 12, file: '“plain.sh”' },
        ],
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a boot script in an image has the line ends of Unix and says what runs it, and is else as it was', () => {
  assert.equal(mended('#!/bin/sh\r\nécho\r\n'), '#!/bin/sh\nécho\n');
  assert.equal(mended('true\n'), '#!/bin/sh\ntrue\n');
  assert.equal(mended('\uFEFF#!/bin/bash\n'), '#!/bin/bash\n');
  assert.equal(mended('#!/bin/sh\necho "a\rb"\n'), '#!/bin/sh\necho "a\rb"\n');
  assert.equal(mended('\x7fELF\0\r\n'), '\x7fELF\0\r\n');
});
