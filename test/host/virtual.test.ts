import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension, until } from './support.ts';

/** A file system without a disk: one file. */
class OneFile implements vscode.FileSystemProvider {
  readonly #bytes: Uint8Array;
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
  }

  stat(): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.#bytes.length };
  }
  readFile(): Uint8Array {
    return this.#bytes;
  }
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }
  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  writeFile(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
}

describe('a workspace without a disk', () => {
  const text =
    '<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge"><compress>maybe</compress></ns0:image>';
  const uri = vscode.Uri.from({ scheme: 'without-disk', path: '/w/representation.xml' });
  let registration: vscode.Disposable;

  before(() => {
    registration = vscode.workspace.registerFileSystemProvider('without-disk', new OneFile(text), {
      isReadonly: true,
    });
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    registration.dispose();
  });

  it('has its definitions checked', async () => {
    await extension();
    await vscode.window.showTextDocument(uri);
    await until(() => vscode.languages.getDiagnostics(uri).length > 0, 'problems');
    const places = vscode.languages.getDiagnostics(uri).map(({ range }) => range);
    assert.ok(places.some((range) => range.start.character === text.indexOf('maybe')));
  });

  it('generates nothing', async () => {
    const { tickets } = await extension();
    const before = tickets.all().length;
    assert.equal(await vscode.commands.executeCommand('applianceForge.generate', uri), undefined);
    assert.equal(tickets.all().length, before);
  });
});
