import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

const broken = `<?xml version="1.0" encoding="UTF-8"?>
<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge">
  <compres>true</compres>
  <installProfile>
    <memorySize>plenty</memorySize>
  </installProfile>
</ns0:image>
`;

suite('A request with errors', { timeout: 5 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;

  before(async () => {
    window = await EditorWindow.open();
    workbench = window.workbench;
    await writeFile(join(window.workspace, 'minimal/representation.xml'), broken);
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  test('shows them where they are', async () => {
    await (await workbench.file('minimal', 'representation.xml')).dblclick();
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.row(/compres\b.*line 3/).waitFor();
    await workbench.row(/memorySize.*line 5/).waitFor();
    await workbench.picture('6-problems');
  });

  test('is not sent, and the reason is said', async () => {
    const file = await workbench.file('minimal', 'representation.xml');
    await workbench.choose(await workbench.contextMenu(file, 'Generate Image'));
    await workbench.notification('representation.xml').waitFor();
    await workbench.picture('7-not-sent');
    await workbench.activity('Appliance Forge').click();
    assert.equal(await workbench.row(/QCOW2/).count(), 0);
  });
});
