import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parseArguments } from '../../../src/cli/arguments.ts';
import { dataDirOf } from '../../../src/cli/environment.ts';
import { Failure, failureFrom, Interrupted } from '../../../src/cli/failure.ts';
import { JsonReporter } from '../../../src/cli/jsonReporter.ts';
import { run } from '../../../src/cli/run.ts';
import { TextReporter } from '../../../src/cli/textReporter.ts';
import { UForgeError, type UForgeErrorKind } from '../../../src/uforge/errors.ts';
import { ManualClock } from '../tickets/support.ts';
import { listen } from '../uforge/support.ts';
import { start } from '../../support/commandLine.ts';
import { environment, Written } from './support.ts';

let folder = '';
before(async () => (folder = await mkdtemp(join(tmpdir(), 'cli-test-'))));
after(() => rm(folder, { recursive: true, force: true }));

const request = `<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge"><parentUri>users/guest/appliances/7</parentUri>
<compress>true</compress><targetFormat><name>VirtualBox</name></targetFormat></ns0:image>`;

async function file(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'ws-')), name);
  await writeFile(path, text);
  return path;
}

suite('the arguments', () => {
  test('name one file, and where, as whom and how to build it', () => {
    assert.deepEqual(parseArguments(['generate', 'a.xml']), {
      command: 'generate',
      file: 'a.xml',
      server: '',
      user: '',
      output: '.',
      json: false,
      replace: false,
      allowOutside: [],
      sbom: [],
      test: false,
    });
    const all = [
      '--server=https://u/api',
      '--user',
      'sup\\ann',
      '--output',
      'out',
      '--format',
      'QCOW2',
      '--json',
      '--replace',
      '--allow-outside=/a',
      '--allow-outside=../b',
      '--test',
      '--junit=out/junit.xml',
      '--sbom=spdx',
    ];
    assert.deepEqual(parseArguments(['generate', ...all, 'a.xml']), {
      command: 'generate',
      file: 'a.xml',
      server: 'https://u/api',
      user: 'sup\\ann',
      output: 'out',
      format: 'QCOW2',
      json: true,
      replace: true,
      allowOutside: ['/a', '../b'],
      sbom: ['spdx'],
      test: true,
      junit: 'out/junit.xml',
    });
  });

  test('publish names an image and what there is to say of it', () => {
    const given = ['--account=shop', '--set', 'namespace=a=b', '--set=tagName=1.0', '--format', 'Docker'];
    assert.deepEqual(parseArguments(['publish', 'template.yml', ...given]), {
      command: 'publish',
      what: 'template.yml',
      server: '',
      user: '',
      json: false,
      values: { namespace: 'a=b', tagName: '1.0' },
      account: 'shop',
      format: 'Docker',
    });
  });

  test('accounts lists them unless it is told what to do', () => {
    const asked = { command: 'accounts', server: '', user: '', json: false, values: {}, secretStdin: false };
    assert.deepEqual(parseArguments(['accounts']), { ...asked, action: 'list', name: '', platform: '' });
    assert.deepEqual(parseArguments(['accounts', 'add', 'Docker', 'shop']), {
      ...asked,
      action: 'add',
      name: 'shop',
      platform: 'Docker',
    });
  });

  test('name an image to test and the template that says what it does, or a definition to build and test', () => {
    assert.deepEqual(
      parseArguments(['test', 'a.ova', '--template', 't.yml', '--format=VirtualBox', '--junit', 'j.xml']),
      {
        command: 'test',
        image: 'a.ova',
        json: false,
        template: 't.yml',
        format: 'VirtualBox',
        junit: 'j.xml',
      },
    );
    assert.deepEqual(
      parseArguments(['test', 'template.yml']),
      parseArguments(['generate', '--test', 'template.yml']),
    );
  });

  test('name an image to start, and on what', () => {
    assert.deepEqual(parseArguments(['start', 'a.ova']), { command: 'start', file: 'a.ova', ports: [] });
    const options = ['--until', 'login:', '--port=8080:80', '--port', '443', '--memory', '2048'];
    const more = ['--timeout', '60', '--firmware', 'uefi', '--keep', 'b.vmdk', '--format', 'VirtualBox'];
    assert.deepEqual(parseArguments(['start', 'a.ova', ...options, ...more]), {
      ...{ command: 'start', file: 'a.ova', format: 'VirtualBox' },
      until: { pattern: /login:/m, timeoutMs: 60_000 },
      ports: [{ guest: 80, host: 8080 }, { guest: 443 }],
      ...{ memoryMb: 2048, firmware: 'uefi', keep: 'b.vmdk' },
    });
  });

  for (const args of [
    ['publish'],
    ['publish', 'a', 'b'],
    ['publish', 'a', '--set', 'namespace'],
    ['publish', 'a', '--output', 'b'],
    ['deploy'],
    ['accounts', 'add', 'Docker'],
    ['accounts', 'change'],
    ['generate', 'a.xml', '--set', 'a=b'],
    [],
    ['start'],
    ['start', 'a.ova', 'b.ova'],
    ['start', 'a.ova', '--port', '80:x'],
    ['start', 'a.ova', '--port', '70000'],
    ['start', 'a.ova', '--memory', '1e3'],
    ['start', 'a.ova', '--timeout', '5'],
    ['start', 'a.ova', '--until', '('],
    ['start', 'a.ova', '--firmware', 'efi'],
    ['start', 'a.ova', '--format', 'Virtual Box'],
    ['start', 'a.ova', '--server', 'https://u/api'],
    ['generate', 'a.xml', '--until', 'x'],
    ['check', 'a.xml', '--memory', '1'],
    ['build', 'a.xml'],
    ['generate'],
    ['generate', 'a.xml', 'b.xml'],
    ['generate', 'a.xml', '--server', 'ftp://x', '--user', 'u'],
    ['generate', 'a.xml', '--server', 'https://u/api'],
    ['generate', 'a.xml', '--password', 'x'],
    ['generate', 'a.xml', '--format', ''],
    ['generate', 'a.xml', '--junit', 'j.xml'],
    ['generate', 'a.xml', '--sbom', 'pdf'],
    ['generate', 'a.xml', '--template', 't.yml'],
    ['test'],
    ['test', 'a.ova', 'b.ova'],
    ['test', 'a.ova', '--output', 'out'],
  ]) {
    test(`are refused, with the usage: ${args.join(' ') || 'none'}`, () => {
      assert.throws(
        () => parseArguments(args),
        (error) => error instanceof Failure && error.exitCode === 2 && error.detail.startsWith('Usage:'),
      );
    });
  }

  for (const server of ['http://uforge.example.com/api', 'http://10.0.0.1/api', 'http://x.localhost/api']) {
    test(`that send a login over plain http to another computer need a yes: ${server}`, () => {
      const login = ['--server', server, '--user', 'ann'];
      for (const args of [
        ['generate', 'a.xml', ...login],
        ['mcp', ...login],
      ]) {
        const refusal = /others on the network can read what is sent to .*--allow-http/;
        assert.throws(() => parseArguments(args), { name: 'Failure', exitCode: 2, message: refusal });
        assert.equal((parseArguments([...args, '--allow-http']) as { server: string }).server, server);
      }
    });
  }

  test('with a password in the address are refused, and it is not repeated', async () => {
    for (const scheme of ['http', 'https']) {
      const setup = environment();
      const args = ['generate', 'a.xml', '--server', `${scheme}://ann:open-sesame@example.com/api`];
      assert.equal(await run([...args, '--user', 'ann'], setup), 2);
      assert.match(setup.errors.text, /must not contain a login or a password/);
      assert.doesNotMatch(setup.errors.text + setup.out.text, /open-sesame/);
    }
  });

  test('that name a server on this computer need none', () => {
    for (const host of ['localhost:8080', '127.0.0.1', '127.8.9.1:1', '[::1]:8080']) {
      const server = `http://${host}/api`;
      const parsed = parseArguments(['mcp', '--server', server, '--user', 'ann']);
      assert.deepEqual(parsed, { command: 'mcp', server, user: 'ann' });
    }
  });

  test('with --help print the usage and nothing else', async () => {
    const setup = environment();
    assert.equal(await run(['--help'], setup), 0);
    assert.match(setup.out.text, /^Usage: appliance-forge generate FILE/);
  });

  test('leave the data folder where such data belongs, unless the environment names one', () => {
    assert.equal(dataDirOf({ APPLIANCE_FORGE_DATA: '/d', XDG_DATA_HOME: '/x' }), '/d');
    assert.equal(dataDirOf({ XDG_DATA_HOME: '/x' }), '/x/appliance-forge');
    assert.equal(dataDirOf({ XDG_DATA_HOME: 'relative' }), join(homedir(), '.local/share/appliance-forge'));
  });
});

suite('the exit code', () => {
  test('tells input, server and generation apart', () => {
    const kinds: Readonly<Record<UForgeErrorKind, number>> = {
      network: 3,
      timeout: 3,
      tls: 3,
      authentication: 3,
      entitlement: 3,
      conflict: 3,
      server: 3,
      protocol: 3,
      notFound: 2,
      invalid: 2,
    };
    for (const [kind, code] of Object.entries(kinds)) {
      assert.equal(failureFrom(new UForgeError(kind as UForgeErrorKind, 'x')).exitCode, code, kind);
    }
    assert.equal(failureFrom(new Interrupted()).exitCode, 130);
    assert.equal(failureFrom(new Error('disk full')).exitCode, 1);
    assert.equal(failureFrom(new Failure(3, 'x')).exitCode, 3);
  });

  test('is 2 with file, line and remedy when the definition is wrong', async () => {
    for (const [name, text, message] of [
      [
        'representation.xml',
        request.replace('VirtualBox', ''),
        /representation\.xml:2:\d+: error: The request has no target format\. Add/,
      ],
      [
        'representation.xml',
        request.replace('<compress>true', '<compress>yes'),
        /:2:11: error: “compress” must be true or false/,
      ],
      [
        'representation.xml',
        request.replace('>true<', '>false<'),
        /can’t be downloaded\. Set “compress” to true/,
      ],
      ['representation.xml', request.replace(/<parentUri>.*<\/parentUri>/, ''), /Which appliance\?/],
      [
        'other.xml',
        '<ns0:user xmlns:ns0="http://www.usharesoft.com/uforge"/>',
        /holds “user”, not a request/,
      ],
      ['template.yml', 'stack:\n  name: a\n', /template\.yml:1:1: error: stack has no “version”\. Add it\./],
      [
        'template.yml',
        "stack:\n  name: a\n  version: '1'\n  os: { name: D, version: '12', arch: amd64 }\n",
        /no builders.*--format/,
      ],
      ['notes.txt', '', /neither a request .* nor a template/],
    ] as const) {
      const setup = environment();
      assert.equal(await run(['generate', await file(name, text)], setup), 2, setup.errors.text);
      assert.match(setup.errors.text, message);
      assert.equal(setup.out.text, '', 'a wrong input starts nothing');
    }
    const setup = environment();
    assert.equal(await run(['generate', join(folder, 'missing.xml')], setup), 2);
    assert.match(setup.errors.text, /There is no file/);
  });

  test('is 2 for an output folder where there can be none', { timeout: 30_000 }, async () => {
    const path = await file('representation.xml', request);
    for (const output of ['/proc/1/nowhere/x', join(path, 'x'), '/dev/null']) {
      const setup = environment();
      assert.equal(await run(['generate', path, '--output', output], setup), 2);
      assert.match(setup.errors.text, /The folder .* can’t be made/);
    }
  });

  test('is 2 without credentials, which come from the environment only', async () => {
    const path = await file('representation.xml', request);
    const remote = [
      'generate',
      path,
      '--server',
      'http://127.0.0.1:9/api',
      '--user',
      'ann',
      '--output',
      folder,
    ];
    for (const env of [{}, { APPLIANCE_FORGE_API_KEY: 'only half' }]) {
      const setup = environment({ env });
      assert.equal(await run(remote, setup), 2);
      assert.match(setup.errors.text, /APPLIANCE_FORGE_PASSWORD.*APPLIANCE_FORGE_SECRET_KEY/);
    }
    const setup = environment({
      env: { APPLIANCE_FORGE_PASSWORD: 'x', APPLIANCE_FORGE_CA_FILE: '/nonexistent.pem' },
    });
    assert.equal(await run(remote, setup), 2);
    assert.match(setup.errors.text, /APPLIANCE_FORGE_CA_FILE/);
  });

  test('is 3 when the server can not be reached, refuses, or is no UForge, and never shows the password', async () => {
    await using refuses = await listen((_request, response) => response.writeHead(401).end());
    await using isProxy = await listen((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>'),
    );
    const path = await file('representation.xml', request);
    for (const server of ['http://127.0.0.1:9/api', refuses.url, isProxy.url]) {
      const args = ['generate', path, '--server', server, '--user', 'ann', '--output', folder];
      const { code, out, errors } = await start(args, { APPLIANCE_FORGE_PASSWORD: 'open sesame' });
      assert.equal(code, 3, errors);
      assert.match(errors, /127\.0\.0\.1/);
      assert.doesNotMatch(out + errors, /open sesame|b3BlbiBzZXNhbWU/);
    }
  });

  test('is 3 when the local forge does not come up', async () => {
    const setup = environment({ dataDir: join(folder, 'data') });
    const args = ['generate', await file('representation.xml', request), '--output', folder];
    assert.equal(await run(args, setup), 3);
    assert.notEqual(setup.errors.text, '');
  });

  test('is 130 when interrupted before anything was asked for', async () => {
    const setup = environment({
      signal: AbortSignal.abort(new Interrupted()),
      dataDir: join(folder, 'never'),
    });
    const args = ['generate', await file('representation.xml', request), '--output', folder];
    assert.equal(await run(args, setup), 130);
    assert.match(setup.errors.text, /^Interrupted\./m);
  });
});

suite('what is told', () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const outcome = { path: '/out/a.ova', bytes: 5, verified: 'sha256' as const };

  test('without a terminal is a line for every stage and every ten percent, the path last', () => {
    const [out, clock] = [new Written(), new ManualClock()];
    const reporter = new TextReporter(out, new Written(), clock);
    for (const percentage of [0, 3, 9.9, 10, 12, 25])
      reporter.progress({ stage: 'Fetching packages', percentage });
    reporter.progress({ stage: 'Installing', percentage: 26 });
    reporter.progress({ stage: 'Installing', percentage: 26 });
    clock.pass(30_000);
    reporter.progress({ stage: 'Installing', percentage: 26 });
    reporter.done(outcome);
    assert.deepEqual(out.lines, [
      '  0 % Fetching packages',
      ' 10 % Fetching packages',
      ' 25 % Fetching packages',
      ' 26 % Installing',
      ' 26 % Installing',
      '/out/a.ova',
    ]);
  });

  test('on a terminal is one bar that is written over, never wider than the screen', () => {
    const out = new Written(true, 40);
    const clock = new ManualClock();
    const reporter = new TextReporter(out, new Written(), clock);
    clock.pass(65_000);
    reporter.progress({ stage: 'Fetching packages', percentage: 50 });
    assert.equal(out.text, `\r${'█'.repeat(12)}${'░'.repeat(12)}  50 % 1:05 Fet\x1b[K`);
    reporter.done(outcome);
    assert.ok(out.text.endsWith('\r\x1b[K/out/a.ova\n'));
  });

  test('is text: no order of somebody else’s reaches the terminal, with a bar, without or as JSON', () => {
    const hostile = '\x1b]52;c;cm0=\x07\x1b[8mhidden\x9d0;title\x9c\rover';
    const failure = new Failure(1, `nginx failed: ${hostile}`, `${hostile}\n${hostile}`);
    for (const isTTY of [true, false]) {
      const [out, errors] = [new Written(isTTY, 200), new Written()];
      const reporter = new TextReporter(out, errors, new ManualClock());
      reporter.note(hostile);
      reporter.ticket(hostile);
      reporter.progress({ stage: `${hostile}\n${hostile}`, percentage: 1 });
      reporter.problem(hostile, { message: hostile, severity: 'error', range, code: 'x' });
      reporter.fail(failure);
      reporter.done({ ...outcome, path: hostile });
      const own = ['\r\x1b[K', '\x1b[K', '\r░', '\n'];
      const left = own.reduce((text, order) => text.replaceAll(order, ''), `${out.text}${errors.text}`);
      assert.doesNotMatch(left, /\p{Cc}/u);
      assert.match(errors.text, /␛\[8mhidden/);
    }
    const out = new Written();
    new JsonReporter(out).fail(failure);
    assert.doesNotMatch(out.text.trimEnd(), /\p{Cc}/u);
    assert.equal((JSON.parse(out.text) as { message: string }).message, failure.message);
  });

  test('with --json is one object a line, the path in the last', () => {
    const out = new Written();
    const reporter = new JsonReporter(out);
    reporter.note('Using the local forge.');
    reporter.progress({ stage: 'Installing', percentage: 26.4 });
    reporter.progress({ stage: 'Installing', percentage: 26.9 });
    reporter.done(outcome);
    assert.deepEqual(
      out.lines.map((line) => JSON.parse(line) as unknown),
      [
        { event: 'note', message: 'Using the local forge.' },
        { event: 'progress', stage: 'Installing', percentage: 26 },
        { event: 'done', ...outcome },
      ],
    );
  });

  test('of a failure is the sentence and the detail, in JSON with the exit code', async () => {
    const setup = environment();
    assert.equal(await run(['generate', '--json'], setup), 2);
    const [line] = setup.out.lines;
    const { event, message, exitCode } = JSON.parse(line ?? '') as Record<string, unknown>;
    assert.deepEqual(
      [event, message, exitCode],
      ['error', 'Which file? Name a representation.xml or a template.', 2],
    );
    assert.equal(setup.errors.text, '');
  });
});

suite('start', () => {
  test('refuses what is no image, and a file that --keep would write over, with 2', async () => {
    const nowhere = await start(['start', join(folder, 'nowhere.qcow2')], {});
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.errors, /There is no file .*nowhere\.qcow2\./);
    const text = await file('text.qcow3', 'x');
    const noImage = await start(['start', text], {});
    assert.equal(noImage.code, 2);
    assert.match(noImage.errors, /is no image that is known/);
    const kept = await start(['start', text, '--format', 'QCOW2', '--keep', text], {});
    assert.equal(kept.code, 2);
    assert.match(kept.errors, /is there already: --keep writes a new file/);
  });
});
