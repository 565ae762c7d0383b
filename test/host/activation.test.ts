import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { extension } from './support.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** The bundle and the chunks it can't start without. */
async function staticImports(entry: string): Promise<string[]> {
  const files = [entry];
  for (const file of files) {
    const code = await readFile(file, 'utf8');
    for (const [, path] of code.matchAll(/(?:^|[;\n])import(?:[^"'()]*from)?\s*["'](\.[^"']+)["']/g)) {
      const chunk = join(dirname(file), path!);
      if (!files.includes(chunk)) files.push(chunk);
    }
  }
  assert.ok(files.length > 1, 'the bundle has chunks');
  return files;
}

describe('the extension, when it wakes up', () => {
  it('starts no forge and makes no folder', async () => {
    const { forgeFolder, tickets } = await extension();
    assert.ok(!existsSync(forgeFolder), forgeFolder);
    assert.deepEqual(tickets.all(), []);
  });

  it('loads no network stack: that comes with the first request', async () => {
    const { extensionPath } = vscode.extensions.getExtension('appliance-forge.appliance-forge')!;
    const files = await staticImports(join(extensionPath, 'dist', 'extension.js'));
    const code = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    assert.deepEqual(
      code.filter((text) => text.includes('undici.error.UND_ERR')),
      [],
    );
  });

  it('has registered the commands of its manifest, and no other', async () => {
    await extension();
    const manifest = vscode.extensions.getExtension('appliance-forge.appliance-forge')!
      .packageJSON as Manifest;
    const declared = manifest.contributes.commands.map(({ command }) => command);
    const all = await vscode.commands.getCommands(true);
    // VS Code makes commands of its own for a view: `applianceForge.images.focus` and the like. Ours have one
    // dot.
    const ours = all.filter((id) => /^applianceForge\.[^.]+$/.test(id));
    assert.deepEqual(ours.sort(), declared.toSorted());
  });

  it('brings its view', async () => {
    await vscode.commands.executeCommand('applianceForge.showImages');
    const all = await vscode.commands.getCommands(true);
    assert.ok(all.includes('applianceForge.images.focus'));
  });

  it('lets no workspace say where credentials and files go', async () => {
    const settings = vscode.workspace.getConfiguration('applianceForge');
    for (const name of ['server.url', 'server.login', 'servers', 'tls.caFile', 'download.folder']) {
      await assert.rejects(
        Promise.resolve(
          settings.update(name, 'https://evil.example.com', vscode.ConfigurationTarget.Workspace),
        ),
        name,
      );
    }
  });
});
