// Runs inside the extension host: hands on what the wrapped entry has measured (see activation.ts).
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';

describe('the activation', () => {
  it('is measured', async () => {
    const answer = process.env['APPLIANCE_FORGE_MEASURED'];
    const found = vscode.extensions.getExtension<{ readonly measured: object }>(
      'appliance-forge.appliance-forge',
    );
    if (answer === undefined || found === undefined) throw new Error('There is nothing to measure.');
    const { measured } = await found.activate();
    await writeFile(answer, JSON.stringify(measured));
  });
});
