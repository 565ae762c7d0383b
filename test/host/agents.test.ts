import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { AgentHost } from '../../src/agents/host.ts';
import { toolNames, type ToolName } from '../../src/agents/toolNames.ts';
import { preparationOf } from '../../src/editor/agents/preparation.ts';
import { extension, startMcpServer } from './support.ts';

const prefix = 'applianceForge_';

/** Calls a tool as an agent does; the answer is JSON. */
async function invoke(name: string, input: object): Promise<Record<string, unknown>> {
  const result = await vscode.lm.invokeTool(`${prefix}${name}`, { input, toolInvocationToken: undefined });
  const [text] = result.content;
  assert.ok(text instanceof vscode.LanguageModelTextPart);
  return JSON.parse(text.value) as Record<string, unknown>;
}

describe('agents in the editor', () => {
  before(extension);

  it('find every tool the manifest declares', () => {
    const { contributes } = vscode.extensions.getExtension('appliance-forge.appliance-forge')!
      .packageJSON as {
      readonly contributes: { readonly languageModelTools: readonly { readonly name: string }[] };
    };
    const registered = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith(prefix));
    assert.deepEqual(
      registered.toSorted(),
      contributes.languageModelTools.map(({ name }) => name).toSorted(),
    );
  });

  it('check what the editor shows, saved or not', async () => {
    const text =
      '<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge"><compres>true</compres></ns0:image>';
    const [folder] = vscode.workspace.workspaceFolders!;
    const uri = vscode.Uri.joinPath(folder!.uri, 'unsaved', 'representation.xml');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('<x/>'));
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(0, 0, 0, 4), text);
    await vscode.workspace.applyEdit(edit);
    assert.ok(document.isDirty);
    const { problems } = await invoke('check_definition', { file: 'unsaved/representation.xml' });
    const messages = (problems as { message: string }[]).map(({ message }) => message).join('\n');
    assert.match(messages, /compres/);
    await document.save();
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
  });

  it('hear a sentence when an argument is wrong', async () => {
    await assert.rejects(invoke('check_definition', { file: 'nowhere/template.yml' }), /There is no file/);
    await assert.rejects(invoke('list_images', { colour: 'red' }), /colour/);
  });

  it('list what the forge can build', async () => {
    const { formats } = (await invoke('list_formats', {})) as { formats: { name: string }[] };
    assert.ok(formats.some(({ name }) => name === 'QCOW2'));
  });

  it('generate an image, see it listed, cancel it, and are told that there is nothing more to cancel', async () => {
    const generated = await invoke('generate_image', {
      file: 'minimal/template.yml',
      target_format: 'QCOW2',
    });
    const { ticket } = generated as { ticket: string };
    const { images } = (await invoke('list_images', {})) as { images: { ticket: string }[] };
    assert.ok(
      images.some((image) => image.ticket === ticket),
      ticket,
    );
    const cancelled = await invoke('cancel_image', { ticket });
    assert.equal(cancelled['state'], 'cancelled');
    await assert.rejects(invoke('cancel_image', { ticket }), /it is cancelled\. There is nothing to cancel/);
    const forge = await extension();
    const pushed = await readFile(join(forge.forgeFolder, 'pushed.json'), 'utf8');
    assert.match(pushed, /minimal/, 'the MCP server reads there what the window has pushed');
    const own = forge.tickets.all().filter(({ uri }) => ticket.endsWith(uri));
    assert.equal(own.length, 1);
    await vscode.commands.executeCommand('applianceForge.delete', own[0], { confirmed: true });
  });

  it('are offered the same as an MCP server, which VS Code can start', async () => {
    const name = await startMcpServer('check_definition');
    const input = { file: 'examples/minimal/nothing.yml' };
    const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    const [text] = content;
    assert.ok(text instanceof vscode.LanguageModelTextPart);
    assert.match(text.value, /There is no file .*nothing\.yml/);
  });

  it('have the person asked before anything is built, run, published or cancelled, and nothing asked before they look', () => {
    const host = {
      store: { all: () => [] },
      server: () => 'http://local-forge.localhost/api',
      label: () => 'local forge',
    } as unknown as AgentHost;
    const asked = (name: ToolName, input: Record<string, unknown>): string | undefined =>
      preparationOf(name, input, host).question?.text;
    const file = 'minimal/template.yml';
    assert.equal(
      asked('generate_image', { file, target_format: 'QCOW2' }),
      'Build an image from minimal/template.yml for QCOW2 on local forge?',
    );
    assert.match(
      asked('generate_image', { file, replace: true }) ?? '',
      /not pushed from here is replaced\./,
    );
    assert.match(asked('cancel_image', { ticket: 'x' }) ?? '', /^Stop generating x\?/);
    assert.match(asked('start_image', { file: 'a.ova' }) ?? '', /^Start a\.ova as a machine/);
    assert.match(asked('test_image', { file: 'a.ova' }) ?? '', /^Start a\.ova .* and test it\?/);
    const command = 'rm -rf /';
    assert.match(asked('run_in_machine', { machine: 'm1', command }) ?? '', /as root .* m1\? rm -rf \/$/);
    assert.match(asked('stop_machine', { machine: 'm1' }) ?? '', /^Stop the machine m1\?/);
    assert.match(
      asked('publish_image', { ticket: 'x', account: 'shop' }) ?? '',
      /^Publish x with the cloud account shop\?/,
    );
    assert.match(
      asked('publish_image', { ticket: 'x', values: { publicImage: 'true', region: 'eu-west-1' } }) ?? '',
      /money\. \(publicImage: true, region: eu-west-1\)$/,
    );
    const harmless = [
      'check_definition',
      'list_formats',
      'search_packages',
      'list_images',
      'follow_image',
      'explain_failure',
      'list_publications',
    ];
    for (const name of toolNames.filter((each) => harmless.includes(each))) {
      assert.equal(asked(name, {}), undefined, name);
    }
  });
});
