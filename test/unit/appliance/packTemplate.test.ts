import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { packTemplate } from '../../../src/appliance/archive/packTemplate.ts';
import { DefinitionError } from '../../../src/appliance/text/definitionError.ts';
import { tar, type TarEntry } from '../../support/tar.ts';
import { ArchiveError, sourcePath, unpackTemplate } from '../../../src/appliance/archive/unpackTemplate.ts';

const run = promisify(execFile);

const packModule = fileURLToPath(import.meta.resolve('../../../src/appliance/archive/packTemplate.ts'));
const measured = `
const { packTemplate } = await import(process.env.PACK);
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);
const before = peak();
const archive = await packTemplate(process.env.TEMPLATE);
let bytes = 0;
for await (const chunk of archive.content()) bytes += chunk.length;
console.log(before, peak());
`;

const minimal = `stack:
  name: web
  version: '1.0'
  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }
`;

const full = `${minimal}  config:
    - { name: hello, source: scripts/say hello.sh, type: bootscript, frequency: firstboot }
  bundles:
    - name: Web site
      version: '2'
      license: { name: MIT, source: LICENSE }
      files:
        - { name: pages, source: pages }
        - { name: nginx, source: nginx, tag: ospkg }
builders:
  - { type: VirtualBox, account: { name: secret account } }
accounts:
  - { type: AWS, secretKey: hush }
`;

let root = '';
before(async () => (root = await mkdtemp(join(tmpdir(), 'archive-test-'))));
after(() => rm(root, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(root, 'ws-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
  }
  return folder;
}

const website = {
  'template.yml': full,
  'scripts/say hello.sh': '#!/bin/sh\n',
  LICENSE: 'MIT',
  'pages/a/index.html': '<p>',
};

async function tarball(entries: readonly TarEntry[]): Promise<Buffer> {
  return gzipSync(await tar(entries));
}

const template = { name: 'template.yml', text: minimal };
const target = (): string => join(root, `out-${String(Math.random()).slice(2)}`);

async function refused(
  bytes: Uint8Array,
  message: RegExp,
  options?: Parameters<typeof unpackTemplate>[2],
): Promise<void> {
  const folder = target();
  await assert.rejects(unpackTemplate([bytes], folder, options), (error) => {
    assert.ok(error instanceof ArchiveError, String(error));
    assert.match(error.message, message);
    return true;
  });
  await assert.rejects(stat(folder), 'nothing of a refused archive stays');
}

suite('packing a template', () => {
  test('puts every file where hammr puts it and comes back out as it went in', async () => {
    const archive = await packTemplate(join(await write(website), 'template.yml'));
    assert.equal(archive.name, 'web');
    assert.equal(archive.version, '1.0');
    const folder = target();
    const unpacked = await unpackTemplate(archive.content(), folder);
    assert.deepEqual(unpacked.problems, []);
    const { config, bundles } = unpacked.template.stack;
    assert.deepEqual(
      [config?.[0]?.source, bundles?.[0]?.license?.source, bundles?.[0]?.files.map(({ source }) => source)],
      // A package is a name, not a file.
      ['config/say_hello.sh', 'bundles/Web_site/LICENSE', ['bundles/Web_site/2/pages', 'nginx']],
    );
    assert.equal(await readFile(join(folder, 'bundles/Web_site/2/pages/a/index.html'), 'utf8'), '<p>');
    const script = await stat(sourcePath(folder, 'config/say_hello.sh'));
    assert.equal(script.mode & 0o777, 0o755, 'what can be executed stays so');
  });

  test('can be without keys of ours, for a server that does not know them, and is the same template otherwise', async () => {
    const ours = full.replace('builders:', '  installation: { hostname: web01, diskSize: 4096 }\nbuilders:');
    const archive = await packTemplate(
      join(await write({ ...website, 'template.yml': ours }), 'template.yml'),
    );
    assert.deepEqual(
      archive.ourKeys.map(({ name, range }) => [name, range.start.line]),
      [['Installation.hostname', 13]],
    );
    const [whole, rest] = await Promise.all(
      [archive.content(), archive.content(archive.ourKeys)].map((content) =>
        unpackTemplate(content, target()),
      ),
    );
    assert.deepEqual(whole?.template.stack.installation, { hostname: 'web01', diskSize: 4096 });
    assert.deepEqual(rest?.template.stack, { ...whole.template.stack, installation: { diskSize: 4096 } });
    assert.deepEqual(rest.problems, []);
  });

  test('leaves every line of the stack where it was, with its comments, and nothing else of the file', async () => {
    const yaml = `# all of it
builders:
  - { type: VirtualBox, account: { name: secret account } }
accounts: [{ type: AWS, secretKey: hush }]
stack: # what is built
  name: web
  version: 1.10
  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }
  config:
    # says hello
    - { name: hello, type: bootscript, frequency: firstboot, source: "scripts/say hello.sh" }
provisioner: { secretKey: hush }
`;
    const json = `{ "builders": [{ "type": "QCOW2", "account": { "name": "secret account" } }],
 "stack": { "name": "web", "version": "1.0",
  "os": { "name": "Debian", "version": "12", "arch": "amd64", "profile": "Minimal" },
  "config": [
    { "name": "hello", "type": "bootscript", "frequency": "firstboot", "source": "scripts/say hello.sh" }] },
 "accounts": [{ "secretKey": "hush" }] }`;
    const oneLine = json.replaceAll('\n', '');
    for (const [name, text] of Object.entries({
      'template.yml': yaml,
      'template.json': json,
      'a.json': oneLine,
    })) {
      const workspace = await write({ [name]: text, 'scripts/say hello.sh': '#!/bin/sh\n' });
      const folder = target();
      await unpackTemplate((await packTemplate(join(workspace, name))).content(), folder);
      const packed = await readFile(join(folder, name === 'a.json' ? 'template.json' : name), 'utf8');
      assert.doesNotMatch(packed, /hush|secret|all of it/, name);
      const lines = packed.split('\n');
      for (const [index, line] of text.split('\n').entries()) {
        if (!/name|os|# /.test(line) || /secret|all of it/.test(line)) continue;
        const kept = line.replace('scripts/say hello.sh', 'config/say_hello.sh').replace(/\}\] \},$/, '}] }');
        assert.ok(lines[index]?.startsWith(kept), `${name}:${index + 1}: ${lines[index] ?? ''}`);
      }
      if (name === 'template.yml') assert.equal(lines[6], '  version: "1.10"');
    }
  });

  test('prints the stack anew where it has an alias of something outside', async () => {
    const text = `x-os: &os { name: Debian, version: '12', arch: amd64, profile: Minimal }
stack: { name: web, version: '1', os: *os }
`;
    const folder = target();
    const archive = await packTemplate(join(await write({ 'template.yml': text }), 'template.yml'));
    const { template: unpacked } = await unpackTemplate(archive.content(), folder);
    assert.equal(unpacked.stack.os.profile, 'Minimal');
  });

  test('takes a package’s file along where there is one, and leaves it to the repositories where not', async () => {
    const text = `${minimal}  bundles:
    - name: b
      version: '1'
      files:
        - { name: here, source: debs/here_1_all.deb, tag: ospkg }
        - { name: there, source: debs/there_1_all.deb, tag: ospkg }
        - { name: far, source: 'https://example.com/far_1_all.deb', tag: ospkg }
`;
    const folder = target();
    const files = { 'template.yml': text, 'debs/here_1_all.deb': 'deb' };
    const archive = await packTemplate(join(await write(files), 'template.yml'));
    const { template: read } = await unpackTemplate(archive.content(), folder);
    assert.deepEqual(
      read.stack.bundles?.[0]?.files.map(({ source }) => source),
      ['bundles/b/1/here_1_all.deb', 'bundles/b/1/there_1_all.deb', 'https://example.com/far_1_all.deb'],
    );
    assert.deepEqual(await readdir(join(folder, 'bundles/b/1')), ['here_1_all.deb']);
  });

  test('leaves builders and accounts at home: they hold secrets', async () => {
    const archive = await packTemplate(join(await write(website), 'template.yml'));
    const folder = target();
    const { template } = await unpackTemplate(archive.content(), folder);
    assert.deepEqual(template.builders ?? [], []);
    const text = await readFile(join(folder, 'template.yml'), 'utf8');
    assert.doesNotMatch(text, /hush|secret account/);
  });

  test('gives the same bytes for the same files, whenever and wherever they were written', async () => {
    const [here, there] = [await write(website), await write(website)];
    await utimes(join(there, 'LICENSE'), 1, 1);
    const [one, two] = [
      await packTemplate(join(here, 'template.yml')),
      await packTemplate(join(there, 'template.yml')),
    ];
    assert.equal(one.digest, two.digest);
    assert.deepEqual(await buffer(one.content()), await buffer(two.content()));
  });

  test('changes the digest with a script, not with a builder', async () => {
    const digest = async (files: Readonly<Record<string, string>>): Promise<string> =>
      (await packTemplate(join(await write({ ...website, ...files }), 'template.yml'))).digest;
    const before = await digest({});
    assert.notEqual(await digest({ 'scripts/say hello.sh': '#!/bin/sh\necho\n' }), before);
    assert.equal(await digest({ 'template.yml': full.replace('VirtualBox', 'QCOW2') }), before);
  });

  test('leaves the tests of the image at home, and another test is no other appliance', async () => {
    const tested = `${full}tests:\n  - { service: nginx }\n`;
    const [plain, own] = await Promise.all(
      [full, tested].map(async (text) => {
        const folder = await write({ ...website, 'template.yml': text });
        return packTemplate(join(folder, 'template.yml'));
      }),
    );
    assert.deepEqual(own?.template.tests, [{ service: 'nginx' }]);
    assert.equal(own.digest, plain?.digest);
    assert.deepEqual(own.ourKeys, []);
    const { template, problems } = await unpackTemplate(own.content(), target());
    assert.equal('tests' in template, false);
    assert.deepEqual(problems, []);
  });

  test('keeps a JSON template JSON', async () => {
    const text = JSON.stringify({
      stack: { name: 'a', version: '1', os: { name: 'D', version: '12', arch: 'amd64' } },
    });
    const archive = await packTemplate(join(await write({ 'template.json': text }), 'template.json'));
    const folder = target();
    await unpackTemplate(archive.content(), folder);
    assert.deepEqual(await readdir(folder), ['template.json']);
  });

  test('names file, line and remedy when a script is missing', async () => {
    const folder = await write({ ...website, 'template.yml': full.replace('say hello', 'say nothing') });
    await assert.rejects(packTemplate(join(folder, 'template.yml')), (error) => {
      assert.ok(error instanceof DefinitionError);
      assert.match(
        error.message,
        /template\.yml:6:30: error: There is no file .*say nothing\.sh\. Create it/,
      );
      return true;
    });
  });

  test('has a place for each of two files of one name', async () => {
    const script = '    - { name: b, source: other/say hello.sh, type: bootscript, frequency: firstboot }\n';
    const more = `        - { name: conf/site.conf, source: one/site.conf }
        - { name: conf/other.conf, source: two/site.conf }
        - { name: again, source: ./one/site.conf }
builders:`;
    const workspace = await write({
      ...website,
      'template.yml': full.replace('  bundles:', `${script}  bundles:`).replace('builders:', more),
      'other/say hello.sh': '# other',
      'one/site.conf': 'one',
      'two/site.conf': 'two',
    });
    const folder = target();
    const archive = await packTemplate(join(workspace, 'template.yml'));
    const { config, bundles } = (await unpackTemplate(archive.content(), folder)).template.stack;
    const sources = [...(config ?? []), ...(bundles?.[0]?.files ?? [])].map(({ source }) => source);
    assert.deepEqual(sources, [
      'config/say_hello.sh',
      'config/2/say_hello.sh',
      'bundles/Web_site/2/pages',
      'nginx',
      'bundles/Web_site/2/site.conf',
      'bundles/Web_site/2/2/site.conf',
      'bundles/Web_site/2/site.conf',
    ]);
    assert.equal(await readFile(join(folder, 'bundles/Web_site/2/2/site.conf'), 'utf8'), 'two');
    assert.equal(await readFile(join(folder, 'config/2/say_hello.sh'), 'utf8'), '# other');
  });

  test('keeps empty folders and the links inside a folder', async () => {
    const workspace = await write(website);
    await mkdir(join(workspace, 'pages/empty/inner'), { recursive: true });
    await symlink('../index.html', join(workspace, 'pages/a/home'));
    await symlink('a', join(workspace, 'pages/current'));
    await symlink('current/home', join(workspace, 'pages/nowhere yet'));
    const folder = target();
    await unpackTemplate((await packTemplate(join(workspace, 'template.yml'))).content(), folder);
    const pages = join(folder, 'bundles/Web_site/2/pages');
    assert.deepEqual(await readdir(join(pages, 'empty/inner')), []);
    const links = ['a/home', 'current', 'nowhere yet'];
    assert.deepEqual(await Promise.all(links.map((link) => readlink(join(pages, link)))), [
      '../index.html',
      'a',
      'current/home',
    ]);
  });

  test('breaks off when a file has changed since its digest was taken', async () => {
    for (const [name, text] of [
      ['LICENSE', 'BSD'],
      ['LICENSE', 'longer than before'],
      ['scripts/say hello.sh', ''],
    ] as const) {
      const workspace = await write(website);
      const archive = await packTemplate(join(workspace, 'template.yml'));
      await writeFile(join(workspace, name), text);
      await assert.rejects(buffer(archive.content()), /changed while it was packed/, `${name}: ${text}`);
    }
  });

  test('lets go of its files when nobody reads on', { timeout: 60_000 }, async () => {
    const workspace = await write({ ...website, LICENSE: '' });
    await writeFile(join(workspace, 'LICENSE'), randomBytes(3_000_000));
    const archive = await packTemplate(join(workspace, 'template.yml'));
    let bytes = 0;
    for await (const chunk of archive.content()) if ((bytes += chunk.length) > 100_000) break;
    const open = async (): Promise<number> => {
      const files = await readdir('/proc/self/fd');
      const paths = await Promise.all(files.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
      return paths.filter((path) => path.startsWith(workspace)).length;
    };
    while ((await open()) > 0) await setImmediate();
  });

  test('takes 300 MB along in a fraction of that memory', { timeout: 300_000 }, async () => {
    const workspace = await write(website);
    await truncate(join(workspace, 'LICENSE'), 300 * 1024 ** 2);
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', measured], {
      env: { ...process.env, TEMPLATE: join(workspace, 'template.yml'), PACK: packModule },
    });
    const [before = 0, after = Infinity] = stdout.split(' ').map(Number);
    assert.ok(after - before < 150, `${before} MB before, ${after} MB at most`);
  });

  test('refuses links out of a folder, pipes, and addresses', async () => {
    const folder = await write({
      ...website,
      'template.yml': full.replace('source: LICENSE', 'source: https://x/LICENSE'),
    });
    await symlink('../LICENSE', join(folder, 'pages', 'licence'));
    await run('mkfifo', [join(folder, 'pages', 'pipe')]);
    await assert.rejects(packTemplate(join(folder, 'template.yml')), (error) => {
      assert.ok(error instanceof DefinitionError);
      const errors = error.problems.filter(({ severity }) => severity === 'error');
      assert.deepEqual(errors.map(({ code }) => code).sort(), ['device', 'link', 'remote-source']);
      return true;
    });
  });
});

suite('unpacking an archive somebody sent', () => {
  test('accepts what hammr writes: ./ in front of names, folders as entries, builders null', async () => {
    const bytes = await tarball([
      { name: './', type: 'directory' },
      { name: './template.yml', text: `${minimal}builders: null\n` },
    ]);
    const { template: read } = await unpackTemplate([bytes], target());
    assert.equal(read.stack.name, 'web');
  });

  for (const name of ['../evil', 'a/../../evil', '/etc/evil', 'C:\\evil', 'a\\..\\evil']) {
    test(`refuses the path ${name}`, async () => {
      await refused(await tarball([template, { name, text: 'x' }]), /leaves its folder/);
      await assert.rejects(stat(join(root, 'evil')));
    });
  }

  test('takes links that stay inside, and writes nothing through one', async () => {
    const folder = target();
    const inside = { name: 'a/up', type: 'symlink', linkname: '../a' } as const;
    await unpackTemplate([await tarball([template, inside, inside, { name: 'a/x', text: 'x' }])], folder);
    assert.equal(await readFile(join(folder, 'a/up/up/x'), 'utf8'), 'x');
    const out = /a link that leads out of it, or nowhere: “l”/;
    for (const linkname of ['/etc/passwd', '..', 'b/../..', 'l', 'other'])
      await refused(
        await tarball([
          template,
          { name: 'l', type: 'symlink', linkname },
          { name: 'other', type: 'symlink', linkname: 'l/..' },
        ]),
        out,
      );
    const link = { name: 'l', type: 'symlink', linkname: 'd' } as const;
    const through = [
      [link, { name: 'l/x', text: 'x' }],
      [{ name: 'l/x', text: 'x' }, link],
      [link, { name: 'l/x', type: 'symlink', linkname: 'y' }],
      [link, { name: 'l', text: 'x' }],
      [link, { name: 'l', type: 'symlink', linkname: 'e' }],
    ] as const;
    for (const entries of through) await refused(await tarball([template, ...entries]), /“l” twice/);
    await refused(await tarball([{ name: 'template.yml', type: 'symlink', linkname: 'x' }]), /symlink/);
  });

  test('refuses hard links and devices', async () => {
    await refused(await tarball([template, { name: 'l', type: 'link', linkname: 'template.yml' }]), /link/);
    await refused(await tarball([template, { name: 'd', type: 'character-device' }]), /character-device/);
  });

  test('refuses too many files and too many bytes, also bytes that only unfold', async () => {
    const many = Array.from({ length: 5 }, (_, index) => ({ name: `f${index}`, text: 'x' }));
    await refused(await tarball([template, ...many]), /more than 3 files/, {
      limits: { bytes: 1e6, files: 3 },
    });
    const large = await tarball([template, { name: 'zeros', text: '\0'.repeat(3 * 1024 * 1024) }]);
    assert.ok(large.length < 20_000);
    await refused(large, /larger than 1 MB/, { limits: { bytes: 1024 ** 2, files: 10 } });
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    await refused(bomb, /larger than 1 MB|none of template/, { limits: { bytes: 1024 ** 2, files: 10 } });
  });

  test('takes a file that is in it twice for one, as long as it is the same', async () => {
    const folder = target();
    const [one, other] = ['one', 'other'].map((text) => ({ name: 'd/a', text: text.repeat(50_000) }));
    assert.ok(one !== undefined && other !== undefined);
    const entries = [template, { name: 'd', type: 'directory' } as const, one, template, one];
    await unpackTemplate([await tarball(entries)], folder);
    assert.equal(await readFile(join(folder, 'd/a'), 'utf8'), one.text);
    await refused(await tarball([template, one, other]), /“d\/a” twice, and not the same/);
    await refused(await tarball([template, { ...template, text: `${minimal}\n` }]), /“template\.yml” twice/);
  });

  test('refuses a file as a folder', async () => {
    await refused(await tarball([template, { name: 'a', text: '' }, { name: 'a/b', text: '' }]), /twice/);
  });

  test('says so when it is cut off or is no archive at all', async () => {
    const whole = await tarball([template, { name: 'big', text: 'x'.repeat(100_000) }]);
    await refused(whole.subarray(0, whole.length - 40), /not a complete gzip tar/);
    await refused(Buffer.from('<html>proxy error</html>'), /not a complete gzip tar/);
    await refused(gzipSync('no tar in here, just words'.repeat(100)), /not a complete gzip tar/);
  });

  test('says so when the template is missing, wrong, or names what is not there', async () => {
    await refused(await tarball([{ name: 'readme', text: '' }]), /none of template\.yml/);
    await refused(
      await tarball([{ name: 'template.yml', text: 'stack: {}' }]),
      /The template has errors: template\.yml:\d+: stack has no “name”/,
    );
    const text = full.replaceAll('scripts/say hello.sh', 'config/x.sh');
    await refused(
      await tarball([{ name: 'template.yml', text }]),
      /^template\.yml:6: stack\.config\[0\]\.source is “config\/x\.sh”, which the archive lacks\. template\.yml:12: .*“pages”.*“LICENSE”/,
    );
  });

  test('refuses a template that points outside', async () => {
    const text = full.replaceAll('scripts/say hello.sh', '../../etc/passwd');
    await refused(await tarball([{ name: 'template.yml', text }]), /leaves the archive's folder/);
    assert.throws(() => sourcePath('/a', '/etc/passwd'), ArchiveError);
  });

  test('stops at once when it is called off, and leaves nothing', async () => {
    const stop = new AbortController();
    const bytes = await tarball([template]);
    function* slowly(): Generator<Uint8Array> {
      yield bytes.subarray(0, 20);
      stop.abort(new Error('called off'));
      yield bytes.subarray(20);
    }
    const folder = target();
    await assert.rejects(unpackTemplate(slowly(), folder, { signal: stop.signal }), /called off/);
    await assert.rejects(stat(folder));
  });
});
