import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ApplianceForge } from '../../docs/appliance-forge.d.ts';
import { examples, extension, until } from './support.ts';

const run = async (name: string, ...args: unknown[]): Promise<unknown> =>
  vscode.commands.executeCommand(`applianceForge.${name}`, ...args);

describe('the first minutes', () => {
  before(extension);

  it('begin with a sample that lands in any folder and opens', async () => {
    const folder = vscode.Uri.joinPath(examples(), 'samples');
    const target = (await run('copySample', { sample: 'nginx', folder })) as vscode.Uri;
    assert.equal(target.path, `${folder.path}/nginx`);
    const names = (await vscode.workspace.fs.readDirectory(target)).map(([name]) => name);
    assert.deepEqual(names.sort(), ['config', 'representation.xml', 'template.yml']);
    assert.equal(vscode.window.activeTextEditor?.document.uri.path, `${target.path}/representation.xml`);
    assert.deepEqual(vscode.languages.getDiagnostics(target), []);
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('have a walkthrough whose pictures are in the package', async () => {
    const found = vscode.extensions.getExtension('appliance-forge.appliance-forge')!;
    const { contributes } = found.packageJSON as {
      readonly contributes: {
        readonly walkthroughs: readonly {
          readonly steps: readonly { readonly media: { readonly image: string } }[];
        }[];
      };
    };
    for (const { media } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(found.extensionUri, media.image));
    }
  });
});

describe('other extensions', () => {
  // The published types are those of the real thing: this assignment fails to compile when they are not.
  let forge: ApplianceForge;
  before(async () => {
    forge = await extension();
  });

  it('generate an image, hear of it and cancel it, and nobody is asked', async () => {
    const heard: string[] = [];
    const subscription = forge.onDidChangeTickets(({ added }) => {
      heard.push(...added.map(({ uri }) => uri));
    });
    const ticket = await forge.generate(vscode.Uri.joinPath(examples(), 'minimal', 'template.yml'), {
      targetFormat: 'QCOW2',
    });
    assert.deepEqual(heard, [ticket.uri]);
    const following = forge.follow(ticket);
    await forge.cancel(ticket);
    assert.equal((await following)?.state, 'cancelled');
    subscription.dispose();
  });

  it('get a sentence when it can not be', async () => {
    const nowhere = vscode.Uri.joinPath(examples(), 'nowhere', 'template.yml');
    await assert.rejects(forge.generate(nowhere), /There is no file nowhere\/template\.yml/);
  });

  it('copy a link that leads back to the ticket', async () => {
    const [ticket] = forge.tickets.all();
    assert.ok(ticket);
    const link = (await run('copyTicketLink', ticket)) as string;
    assert.equal(await vscode.env.clipboard.readText(), link);
    const { authority, path, query } = vscode.Uri.parse(link);
    assert.equal(`${authority}${path}`, 'appliance-forge.appliance-forge/ticket');
    assert.equal(new URLSearchParams(query).get('uri'), ticket.uri);
    await run('delete', ticket, { confirmed: true });
    await until(() => forge.tickets.get(ticket) === undefined, 'the ticket to go');
  });
});
