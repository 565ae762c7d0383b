import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { callTool } from '../../../src/agents/callTool.ts';
import type { AgentHost } from '../../../src/agents/host.ts';
import { tools } from '../../../src/agents/allTools.ts';
import {
  OutsideSourcesRefused,
  packTemplate,
  type PackOptions,
} from '../../../src/appliance/archive/packTemplate.ts';
import { problemsInText } from '../../../src/appliance/language/problemsInText.ts';
import {
  located,
  outsideSources,
  type OutsideSource,
} from '../../../src/appliance/archive/outsideSources.ts';
import { readDefinition } from '../../../src/appliance/find/readRegularFile.ts';
import { unpackTemplate } from '../../../src/appliance/archive/unpackTemplate.ts';
import { run } from '../../../src/cli/run.ts';
import { allowedFolders } from '../../../src/generate/allowedFolders.ts';
import { environment } from '../cli/support.ts';

const head = `stack:
  name: web
  version: '1.0'
  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }
`;
const script = (source: string): string =>
  `${head}  config:\n    - { name: hello, source: '${source}', type: bootscript, frequency: firstboot }\n`;
const bundle = (more: string): string =>
  `${head}  bundles:\n    - { name: b, version: '1', files: [{ name: own, source: own.txt }], ${more} }\n`;

/** Every way a template can name a file that is not its own. */
const hostile: Readonly<Record<string, string>> = {
  'an absolute path': script('/etc/passwd'),
  'a way upwards': script('../secret.txt'),
  'a way upwards after one down': script('folder/../../secret.txt'),
  'a link in its folder': script('link.txt'),
  'a link to a folder': script('linked/secret.txt'),
  'a link to a link': script('hop/secret.txt'),
  'a folder above': bundle("license: { name: x, source: '..' }"),
  'a licence': bundle("license: { name: x, source: '../secret.txt' }"),
  'a bundle’s logo': bundle("sourceLogo: '../secret.txt'"),
  'the logo': `${head}  source_logo: ../secret.txt\n`,
  'a package': `${head}  bundles:
    - { name: b, version: '1', files: [{ name: p, source: ../p.deb, tag: ospkg }] }\n`,
  'a file of a file': `${head}  bundles:
    - name: b
      version: '1'
      files: [{ name: folder, source: folder, files: [{ name: s, source: ../secret.txt }] }]\n`,
};

suite('a file outside the template’s folder', () => {
  let root = '';
  let folder = '';
  let template = '';
  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'outside-test-')));
    folder = join(root, 'workspace');
    template = join(folder, 'template.yml');
    await mkdir(join(folder, 'folder'), { recursive: true });
    await writeFile(join(root, 'secret.txt'), 'TOP SECRET');
    await writeFile(join(root, 'p.deb'), 'TOP SECRET');
    await writeFile(join(folder, 'own.txt'), 'own');
    await symlink('../secret.txt', join(folder, 'link.txt'));
    await symlink('..', join(folder, 'linked'));
    await symlink('linked', join(folder, 'hop'));
    await symlink('own.txt', join(folder, 'harmless.txt'));
  });
  after(() => rm(root, { recursive: true }));

  for (const [name, text] of Object.entries(hostile)) {
    test(`is not packed unless somebody says so, named by ${name}`, async () => {
      await writeFile(template, text);
      await assert.rejects(packTemplate(template), (error) => {
        assert.ok(error instanceof OutsideSourcesRefused);
        const [problem, ...others] = error.problems;
        assert.deepEqual(others, []);
        assert.equal(problem?.code, 'outside-source');
        assert.ok(problem.range.start.line > 3, 'the place is named');
        return true;
      });
      const [problem] = (await problemsInText(template, text)) ?? [];
      assert.equal(problem?.code, 'outside-source');
      assert.equal(problem.severity, 'error');
    });
  }

  test('is the template itself when that is a link to elsewhere', async () => {
    await writeFile(join(root, 'other.yml'), head);
    const link = join(folder, 'template.yaml');
    await symlink('../other.yml', link);
    await assert.rejects(packTemplate(link), OutsideSourcesRefused);
  });

  test('is told of with where it really is, before anything is read, and packed after a yes', async () => {
    await writeFile(template, script('linked/secret.txt'));
    let asked: readonly OutsideSource[] = [];
    const archive = await packTemplate(template, {
      mayPackOutside: (outside) => {
        asked = outside;
        return true;
      },
    });
    assert.deepEqual(
      asked.map(({ source, path }) => [source, path]),
      [['linked/secret.txt', join(root, 'secret.txt')]],
    );
    const unpacked = join(root, 'unpacked');
    const { template: read } = await unpackTemplate(archive.content(), unpacked);
    assert.equal(read.stack.config?.[0]?.source, 'config/secret.txt');
  });

  test('is allowed by its folder, not by a folder beside it and not by a link out of that folder', async () => {
    await mkdir(join(root, 'shared'), { recursive: true });
    await writeFile(join(root, 'shared/motd'), 'hello');
    await symlink('/etc/passwd', join(root, 'shared/passwd'));
    const packed = async (source: string, ...folders: readonly string[]): Promise<string> => {
      await writeFile(template, script(source));
      return (await packTemplate(template, { mayPackOutside: allowedFolders(folders) })).name;
    };
    assert.equal(await packed('../shared/motd', join(root, 'shared')), 'web');
    assert.equal(await packed('../shared/motd', '/etc', root), 'web');
    await assert.rejects(packed('../shared/motd', join(root, 'sha')), OutsideSourcesRefused);
    await assert.rejects(packed('../shared/motd', join(root, 'shared/motd/x')), OutsideSourcesRefused);
    await assert.rejects(packed('../shared/passwd', join(root, 'shared')), OutsideSourcesRefused);
  });

  test('is none below the folder, however it is written, and no address', async () => {
    const own = [
      'own.txt',
      './folder/../own.txt',
      join(folder, 'own.txt'),
      'harmless.txt',
      '..own',
      'nowhere',
    ];
    const sources = [...own, 'https://example.com/x'].map((source) => ({ source, range }));
    assert.deepEqual(await outsideSources(template, await located(template, sources)), []);
    // The same folder under another name.
    await symlink('workspace', join(root, 'alias'));
    const alias = join(root, 'alias/template.yml');
    assert.deepEqual(await outsideSources(alias, await located(alias, sources)), []);
  });

  test('is found below the folder one works in when there is none beside the template', async () => {
    const work = join(root, 'work');
    const below = join(work, 'appliances/web/template.yml');
    await mkdir(dirname(below), { recursive: true });
    await mkdir(join(work, 'scripts'));
    await writeFile(join(work, 'scripts/start.sh'), '#!/bin/sh\n');
    const text = script('scripts/start.sh');
    await writeFile(below, text);
    const codes = async (options: PackOptions): Promise<readonly string[]> =>
      ((await problemsInText(below, text, options)) ?? []).map(({ code }) => code);
    assert.deepEqual(await codes({}), ['missing-file']);
    // The person's own, but not the template's: somebody has to allow it.
    assert.deepEqual(await codes({ workingFolder: work }), ['outside-source']);
    await assert.rejects(packTemplate(below, { workingFolder: work }), OutsideSourcesRefused);
    const allowed = { workingFolder: work, mayPackOutside: allowedFolders([work]) };
    assert.deepEqual(await codes(allowed), []);
    const unpacked = join(root, 'unpacked-work');
    await unpackTemplate((await packTemplate(below, allowed)).content(), unpacked);
    assert.equal(await readFile(join(unpacked, 'config/start.sh'), 'utf8'), '#!/bin/sh\n');
    // Nothing is looked for above it, and what is beside the template comes first.
    assert.deepEqual(await codes({ workingFolder: join(work, 'scripts') }), ['missing-file']);
    await mkdir(join(dirname(below), 'scripts'));
    await writeFile(join(dirname(below), 'scripts/start.sh'), '#!/bin/sh\n');
    assert.deepEqual(await codes({ workingFolder: work }), []);
  });

  test('on the command line is refused with the option that allows it', async () => {
    const text = `${script('../secret.txt')}builders: [{ type: QCOW2 }]\n`;
    await writeFile(template, text);
    const generate = ['generate', template, '--server', 'http://127.0.0.1:9/api', '--user', 'ann'];
    const refused = environment({ env: { APPLIANCE_FORGE_PASSWORD: 'x' } });
    assert.equal(await run([...generate, '--output', root], refused), 2);
    assert.match(
      refused.errors.text,
      /template\.yml:6:30: error: “\.\.\/secret\.txt” \(.*\/secret\.txt\) is outside .*add --allow-outside FOLDER\./,
    );
    const allowed = environment();
    await run([...generate, '--output', root, '--allow-outside', root], allowed);
    assert.match(allowed.errors.text, /APPLIANCE_FORGE_PASSWORD/, 'got as far as the login');
    assert.equal(await run(['check', template], environment()), 2);
    assert.equal(await run(['check', '--allow-outside', root, template], environment()), 0);
  });

  test('is never packed for an agent', async () => {
    await writeFile(template, `${script('../secret.txt')}builders: [{ type: QCOW2 }]\n`);
    const host = {
      pathOf: (file: string) => file,
      read: readDefinition,
      workingFolder: () => folder,
      release: () => Promise.resolve(),
      server: () => assert.fail('no server is asked'),
    } as unknown as AgentHost;
    const tool = tools.find(({ name }) => name === 'generate_image')!;
    const call = { host, signal: new AbortController().signal, report: () => undefined };
    const result = await callTool(tool, { file: template }, call);
    assert.ok(!result.ok);
    assert.match(result.answer.error, /outside the template’s folder.*Only the user can allow it/);
    const forced = await callTool(tool, { file: template, allow_outside: dirname(folder) }, call);
    assert.ok(!forced.ok);
    assert.match(forced.answer.error, /Unrecognized key: "allow_outside"/);
  });
});

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
