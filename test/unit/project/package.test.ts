import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../../scripts/lib/root.ts';

const run = promisify(execFile);

suite('The packaged extension', () => {
  let folder: string;
  let files: string[];
  const read = (file: string) => readFile(join(folder, 'extension', file), 'utf8');

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'af-vsix-'));
    const vsix = join(folder, 'a.vsix');
    await run(process.execPath, [join(root, 'scripts/package.ts'), vsix]);
    await run('python3', ['-m', 'zipfile', '-e', vsix, folder]);
    const entries = await readdir(join(folder, 'extension'), { recursive: true, withFileTypes: true });
    files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'extension/').length))
      .sort();
  });
  after(() => rm(folder, { recursive: true }));

  test('holds what runs and nothing else', () => {
    assert.deepEqual(
      files.filter((file) => !/^dist\/chunks\/[\w.-]+-[A-Z0-9]{8}\.js$/.test(file)),
      [
        'LICENSE.txt',
        'changelog.md',
        'dist/NOTICES.txt',
        'dist/cli.js',
        'dist/compressor.js',
        'dist/extension.js',
        'dist/forge.js',
        'dist/hasher.js',
        'dist/webview/machineScreen.css',
        'dist/webview/machineScreen.js',
        'dist/webview/requestForm.css',
        'dist/webview/requestForm.js',
        'dist/webview/ticketPage.css',
        'dist/webview/ticketPage.js',
        'examples/minimal/representation.xml',
        'examples/minimal/template.yml',
        'examples/nginx/config/announce.sh',
        'examples/nginx/representation.xml',
        'examples/nginx/template.yml',
        'l10n/bundle.l10n.fr.json',
        'l10n/bundle.l10n.json',
        'media/completion.png',
        'media/dark.png',
        'media/form.png',
        'media/high-contrast.png',
        'media/icon.png',
        'media/image-page.png',
        'media/images-view.png',
        'media/images.svg',
        'media/quick-fixes.png',
        'media/right-click.png',
        'media/status-bar.png',
        'media/walkthrough/boot.png',
        'media/walkthrough/open.png',
        'package.json',
        'package.nls.fr.json',
        'package.nls.json',
        'readme.md',
        'schemas/forge.schema.json',
        'schemas/template.schema.json',
      ],
    );
  });

  test('names only files that it holds', async () => {
    const manifest = JSON.parse(await read('package.json')) as Record<string, unknown>;
    assert.equal(manifest['main'], './dist/extension.js');
    assert.equal(manifest['type'], 'module');
    for (const key of ['dependencies', 'devDependencies', 'optionalDependencies', 'scripts']) {
      assert.equal(manifest[key], undefined, key);
    }
    for (const [, schema] of JSON.stringify(manifest).matchAll(/\.\/(schemas\/[\w.-]+)/g)) {
      assert.ok(schema !== undefined && files.includes(schema), schema);
    }
    const pictures: string[] = JSON.stringify(manifest).match(/media\/[\w./-]+/g) ?? [];
    pictures.push(...((await read('readme.md')).match(/media\/[\w./-]+/g) ?? []));
    for (const picture of pictures) assert.ok(files.includes(picture), picture);
  });

  test('asks VS Code for vscode and Node for the rest', async () => {
    for (const file of files.filter((name) => name.endsWith('.js'))) {
      const code = await read(file);
      const imported = [...code.matchAll(/(?:^|[;}])(?:import|export)[^;'"()]*?from?\s*["']([^"']+)["']/g)];
      for (const [, path] of imported) assert.match(path ?? '', /^(node:|\.{1,2}\/|vscode$)/, file);
    }
  });

  test('keeps undici out of what is read at activation', async () => {
    const seen = new Set<string>();
    const visit = async (file: string): Promise<void> => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, chunk] of (await read(file)).matchAll(/from"\.\/(?:chunks\/)?([\w.-]+\.js)"/g)) {
        await visit(`dist/chunks/${chunk ?? ''}`);
      }
    };
    await visit('dist/extension.js');
    const withUndici = (await Promise.all(files.map(async (file) => [file, await read(file)] as const)))
      .filter(([file, code]) => file.endsWith('.js') && code.includes('UND_ERR_'))
      .map(([file]) => file);
    assert.notDeepEqual(withUndici, []);
    for (const file of withUndici) assert.ok(!seen.has(file), file);
  });

  test('brings the licences of what is bundled', async () => {
    const notices = await read('dist/NOTICES.txt');
    for (const name of ['undici', 'fast-xml-parser', 'yaml'])
      assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
    assert.doesNotMatch(notices, /^mocha /m);
  });

  test('has no trace of this machine in it', async () => {
    for (const file of files) assert.ok(!(await read(file)).includes(root), file);
  });
});
