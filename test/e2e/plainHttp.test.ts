import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { EditorWindow } from './window.ts';
import { appears, type Workbench } from './workbench.ts';

suite('Signing in to another computer over plain http', { timeout: 5 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;

  before(async () => {
    window = await EditorWindow.open();
    workbench = window.workbench;
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  test('needs a yes before anything is sent or a login is asked for', async () => {
    await workbench.command('Appliance Forge: Sign In');
    await workbench.answer('Address of the UForge AppCenter', 'http://uforge.example.com/api');
    const dialog = workbench.modalDialog();
    await dialog.getByText('Sign in to uforge.example.com without encryption?').waitFor();
    await dialog.getByText(/others on the network can read/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.ok(!(await appears(workbench.notification(/uforge\.example\.com/), 2_000)));
    assert.ok(!(await workbench.question('Login').isVisible()));
  });
});
